#if SQLite
  private import Foundation
  import MetaDriver
  import Testing

  @testable import MetaDriverSQLite

  @Suite struct WriteTurnsTests {
    private struct Job: Identifiable, Equatable { let id: Int }

    // A47, R29
    @Test("Jobs are served in their order, by one at a time, each once, whatever is dropped")
    func order() {
      let seed = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)
      print("WriteTurnsTests SEED=\(seed)")
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<300 {
        var turns = WriteTurns<Job>(capacity: 5, batchLimit: 3)
        var expected: [Job] = []
        var isTaken = false
        for id in 0..<120 {
          switch Int.random(in: 0..<7, using: &generator) {
          case 0, 1, 2:
            let admission = turns.add(Job(id: id))
            switch admission {
            case .refused: #expect(expected.count >= 5)
            case .queued: #expect(isTaken)
            case .taken: #expect(!isTaken)
            }
            guard expected.count < 5 else { break }
            expected.append(Job(id: id))
            isTaken = true
          case 3:
            #expect(turns.take() == !isTaken)
            isTaken = true
          case 4:
            let dropped = expected.randomElement(using: &generator) ?? Job(id: -1)
            #expect(turns.drop(dropped.id) == expected.first { $0 == dropped })
            #expect(turns.drop(dropped.id) == nil)
            expected.removeAll { $0 == dropped }
          case 5 where isTaken:
            let batch = turns.next()
            #expect(batch == Array(expected.prefix(3)))
            expected.removeFirst(batch.count)
            isTaken = !batch.isEmpty
          case 6 where isTaken && Bool.random(using: &generator):
            turns.addFirst(Job(id: id))
            expected.insert(Job(id: id), at: 0)
          case 6 where isTaken:
            isTaken = !expected.isEmpty
            #expect(turns.giveBack() == !isTaken)
          default: break
          }
          #expect(turns.isTaken == isTaken && turns.count == expected.count)
        }
      }
    }
  }
#endif
