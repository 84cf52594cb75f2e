import MetaDriver
import TestSupport
import Testing

@testable import CrashWriter
@testable import MetaDriverDisk

@Suite struct JobQueueTests {
  // A47
  @Test("Jobs of one key run one at a time in their order, whatever is dropped")
  func order() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("JobQueueTests seed \(seed)")
    var generator = Generator(seed: seed)
    let keys: [Key?] = [nil, .mutable("a"), .mutable("b"), .mutable("c")]
    for _ in 0..<300 {
      var queue = JobQueue(capacity: 10)
      var running: [JobQueue.Job] = []
      var expected: [JobQueue.Job] = []
      var id: UInt64 = 0
      for step in 0..<120 {
        switch step < 100 ? Int.random(in: 0..<5, using: &generator) : 4 {
        case 0, 1:
          id += 1
          let job = JobQueue.Job(id: id, key: keys.randomElement(using: &generator)!)
          let isTaken = queue.add(job)
          #expect(isTaken == (expected.count < 10))
          if isTaken { expected.append(job) }
        case 2:
          guard let job = queue.next() else { break }
          #expect(job.key == nil || !running.contains { $0.key == job.key })
          #expect(expected.first { $0.key == job.key } == job)
          expected.removeAll { $0 == job }
          running.append(job)
        case 3:
          guard let job = (expected + running).randomElement(using: &generator) else { break }
          #expect(queue.drop(job) == expected.contains(job))
          expected.removeAll { $0 == job }
        default:
          guard !running.isEmpty else { break }
          queue.finish(running.remove(at: Int.random(in: running.indices, using: &generator)))
        }
        #expect(queue.count == expected.count)
      }
      for job in running { queue.finish(job) }
      while let job = queue.next() {
        #expect(expected.contains(job))
        expected.removeAll { $0 == job }
        queue.finish(job)
      }
      #expect(expected.isEmpty, "these never ran: \(expected)")
    }
  }
}
