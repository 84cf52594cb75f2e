#if HTTP
  @testable import MetaDriverHTTP
  import TestSupport
  import Testing

  struct AdmissionQueueTests {
    /// The same rules, written the slow way.
    private struct Model {
      let limit: Int
      let limitOfOrigin: Int
      var waiting: [(id: Int, origin: String)] = []
      var active: [(id: Int, origin: String)] = []

      mutating func next() -> Int? {
        guard active.count < limit else { return nil }
        let place = waiting.firstIndex { one in active.count { $0.origin == one.origin } < limitOfOrigin }
        guard let place else { return nil }
        active.append(waiting.remove(at: place))
        return active.last?.id
      }
    }

    @Test("Every sequence of six steps ends as the rules say")
    func exhaustive() async throws {
      let mistakes = try await apart { Self.tryEverySequence() }
      #expect(mistakes.isEmpty)
    }

    private static func tryEverySequence() -> [String] {
      var mistakes: [String] = []
      // Steps: add to a, add to b, admit, finish the first or last that is under way, drop the first or last that waits.
      let steps = 7
      for number in 0..<(steps * steps * steps * steps * steps * steps) {
        for (limit, limitOfOrigin) in [(1, 1), (2, 1), (3, 2)] {
          var queue = AdmissionQueue<Int>(limit: limit, limitOfOrigin: limitOfOrigin)
          var model = Model(limit: limit, limitOfOrigin: limitOfOrigin)
          var rest = number
          for id in 0..<6 {
            let step = rest % steps
            rest /= steps
            switch step {
            case 0, 1:
              let origin = step == 0 ? "a" : "b"
              queue.add(id, to: origin)
              model.waiting.append((id, origin))
            case 2:
              let (seen, expected) = (queue.next(), model.next())
              if seen != expected {
                mistakes.append("\(number): \(String(describing: seen)) instead of \(expected ?? -1)")
              }
            case 3, 4:
              guard !model.active.isEmpty else { continue }
              queue.finish(model.active.remove(at: step == 3 ? 0 : model.active.count - 1).origin)
            default:
              guard !model.waiting.isEmpty else { continue }
              let one = model.waiting.remove(at: step == 5 ? 0 : model.waiting.count - 1)
              if !queue.drop(one.id, from: one.origin) { mistakes.append("\(number): \(one) was not dropped") }
            }
            if queue.activeCount != model.active.count || queue.waitingCount != model.waiting.count {
              mistakes.append("\(number): the counts are wrong after step \(id)")
            }
          }
        }
      }
      return mistakes
    }

    @Test("Who does not wait cannot be dropped")
    func drop() {
      var queue = AdmissionQueue<Int>(limit: 1, limitOfOrigin: 1)
      queue.add(1, to: "a")
      let first = queue.next()
      #expect(first == 1)
      let (isDropped, isStrangerDropped) = (queue.drop(1, from: "a"), queue.drop(2, from: "b"))
      #expect(!isDropped && !isStrangerDropped)
    }
  }
#endif
