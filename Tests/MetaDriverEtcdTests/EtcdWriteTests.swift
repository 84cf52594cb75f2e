#if HTTP
  import MetaDriver
  @testable import MetaDriverEtcd
  import Testing

  /// Every course that a write can take, against a model of a key: other writers, lost replies, and changes that are made
  /// late, in every combination up to a depth.
  @Suite struct EtcdWriteTests {
    /// A key of etcd, and the change that is still on its way to it.
    struct World: Sendable {
      var stored: (record: Record, revision: UInt64)?
      var revision: UInt64 = 10
      var onItsWay: [(record: Record?, guardedBy: UInt64)] = []
      /// How often the write under test was made.
      var madeCount = 0

      mutating func change(_ record: Record?, ifRevision expected: UInt64, isOwn: Bool) -> Bool {
        guard (stored?.revision ?? 0) == expected else { return false }
        revision += 1
        stored = record.map { ($0, revision) }
        if isOwn { madeCount += 1 }
        return true
      }

      var found: EtcdWrite.Found? {
        stored.map { EtcdWrite.Found(record: .success($0.record), revision: $0.revision) }
      }
    }

    /// What may happen at each step.
    enum Fate: CaseIterable {
      /// The request is answered.
      case answered
      /// Somebody else writes just before.
      case rival
      /// Somebody else deletes just before.
      case rivalDelete
      /// The request is carried out, and its reply gets lost.
      case replyLost
      /// The request is not carried out yet: it may be at any later moment.
      case delayed
      /// What is delayed is carried out just before.
      case late
    }

    private static let key: Key = "a"
    private static let lost = DriverError(.unavailable, "lost", effect: .unknown)

    private func stamp(_ time: UInt64) -> Stamp { Stamp(time: time, writer: 1) }

    /// Runs a write through every sequence of fates, and hands over what came of each.
    private func explore(
      _ write: EtcdWrite, from world: World, rival: Record, depth: Int,
      _ check: (World, Result<Receipt, DriverError>, [Fate]) -> Void
    ) -> Int {
      var count = 0
      func step(_ write: EtcdWrite, _ next: EtcdWrite.Step, _ world: World, _ course: [Fate]) {
        if case .done(let receipt) = next {
          count += 1
          return check(world, .success(receipt), course)
        }
        for fate in course.count < depth ? Fate.allCases : [.answered] {
          var (write, world) = (write, world)
          switch fate {
          // Nobody deletes stamped records, except with a tombstone that is older than any call lasts.
          case .rivalDelete where rival.stamp != nil: continue
          case .rival: _ = world.change(rival, ifRevision: world.stored?.revision ?? 0, isOwn: false)
          case .rivalDelete: _ = world.change(nil, ifRevision: world.stored?.revision ?? 0, isOwn: false)
          case .late:
            guard let change = world.onItsWay.popLast() else { continue }
            _ = world.change(change.record, ifRevision: change.guardedBy, isOwn: true)
          default: break
          }
          do throws(DriverError) {
            let following: EtcdWrite.Step
            switch next {
            case .done: continue
            case .look, .lookLater:
              if fate == .delayed || fate == .replyLost { continue }
              following = try write.saw(world.found)
            case .change(let revision):
              if fate == .delayed {
                world.onItsWay.append((write.record, revision))
                following = write.lost(Self.lost)
              } else {
                let isMade = world.change(write.record, ifRevision: revision, isOwn: true)
                if fate == .replyLost {
                  following = write.lost(Self.lost)
                } else {
                  following = isMade ? .done(write.succeeded()) : try write.refused(world.found)
                }
              }
            }
            step(write, following, world, course + [fate])
          } catch {
            count += 1
            check(world, .failure(write.failure(error)), course + [fate])
          }
        }
      }
      step(write, write.first, world, [])
      return count
    }

    // R26, B10
    @Test("A write is made once at most, and what it says of itself is true", arguments: [false, true])
    func truth(isStamped: Bool) {
      let old = Record([1], stamp: isStamped ? stamp(5) : nil)
      let own = Record([2], stamp: isStamped ? stamp(10) : nil)
      let rivals = [Record([3], stamp: isStamped ? stamp(20) : nil), Record([4], stamp: isStamped ? stamp(7) : nil)]
      let conditions: [Precondition?] = [nil, .absent, .unchanged(since: old)]
      var count = 0
      for before in [nil, old] {
        for condition in conditions {
          for (rival, record) in rivals.flatMap({ rival in [(rival, own as Record?), (rival, nil)] }) {
            var world = World()
            world.stored = before.map { ($0, 10) }
            count += explore(EtcdWrite(record, at: Self.key, if: condition), from: world, rival: rival, depth: 5) {
              world, result, course in
              var isTrue = world.madeCount <= 1
              switch result {
              case .success(let receipt):
                switch receipt.result {
                case .stored, .deleted: isTrue = isTrue && (world.madeCount == 1 || record == nil)
                case .superseded(let stamp): isTrue = isTrue && own.stamp.map { stamp > $0 } == true
                case .alreadyAbsent: isTrue = isTrue && record == nil
                default: isTrue = false
                }
              case .failure(let error):
                let isKnown = !course.contains(.replyLost) && !course.contains(.delayed)
                // What says that nothing was changed must not be changing anything later either.
                if error.effect == .unchanged { isTrue = isTrue && world.madeCount == 0 && world.onItsWay.isEmpty }
                if isKnown {
                  isTrue = isTrue && error.effect == .unchanged && (condition != nil || error.code == .conflict)
                }
              }
              let story = { "\(before as Any), \(condition as Any), \(record as Any), \(course): \(result)" }
              if !isTrue { Issue.record("\(story())") }
            }
          }
        }
      }
      #expect(count > 300)
    }

    @Test("An older stamp never replaces a newer one")
    func newestWins() throws {
      var write = EtcdWrite(Record([1], stamp: stamp(5)), at: Self.key, if: nil)
      let newer = EtcdWrite.Found(record: .success(Record([2], stamp: stamp(6))), revision: 3)
      guard case .done(let receipt) = try write.saw(newer), case .superseded(let stamp) = receipt.result else {
        return #expect(Bool(false), "the write goes on")
      }
      #expect(stamp.time == 6)
    }

    @Test("A damaged copy is replaced, and no condition on it is judged")
    func damaged() throws {
      let copy = EtcdWrite.Found(record: .failure(DriverError(.corrupt, "torn")), revision: 3)
      var put = EtcdWrite(Record([1], stamp: stamp(5)), at: Self.key, if: nil)
      guard case .change(3) = try put.saw(copy) else { return #expect(Bool(false), "the write does not go on") }
      var delete = EtcdWrite(nil, at: Self.key, if: nil)
      guard case .change(3) = try delete.saw(copy) else { return #expect(Bool(false), "the delete does not go on") }
      for condition in [Precondition.absent, .stamped(stamp(1))] {
        let error = #expect(throws: DriverError.self) {
          var write = EtcdWrite(Record([1]), at: Self.key, if: condition)
          _ = try write.saw(copy)
        }
        #expect(error?.code == .corrupt)
      }
    }

    @Test("A write that others overtake again and again gives up")
    func contention() {
      var write = EtcdWrite(Record([1]), at: Self.key, if: nil)
      var count = 0
      let error = #expect(throws: DriverError.self) {
        _ = try write.saw(nil)
        while count < 1_000 {
          count += 1
          _ = try write.refused(EtcdWrite.Found(record: .success(Record([9])), revision: UInt64(count)))
        }
      }
      #expect(error?.code == .throttled)
      #expect(count == EtcdWrite.attemptLimit)
    }
  }
#endif
