import MetaDriver

/// Which job runs next: first in, first out, and one at a time for each key. Pure; `DriverThreads` is its shell.
struct JobQueue {
  struct Job: Hashable, Sendable {
    let id: UInt64
    /// Jobs of one key never run at once; `nil` runs beside everything.
    let key: Key?
  }

  /// How many jobs may wait.
  let capacity: Int
  /// The jobs that may start now, in their order.
  private(set) var ready: [Job] = []
  /// The keys whose job is ready or runs, each with the jobs that wait for it.
  private var lanes: [Key: [Job]] = [:]
  private var waiting = 0

  init(capacity: Int) { self.capacity = capacity }

  /// How many jobs have not started.
  var count: Int { ready.count + waiting }

  /// Queues a job. False when the queue is full.
  mutating func add(_ job: Job) -> Bool {
    guard count < capacity else { return false }
    if let key = job.key {
      guard lanes[key] == nil else {
        lanes[key, default: []].append(job)
        waiting += 1
        return true
      }
      lanes[key] = []
    }
    ready.append(job)
    return true
  }

  /// Starts the next job.
  mutating func next() -> Job? { ready.isEmpty ? nil : ready.removeFirst() }

  /// A job has ended: the next of its key may start.
  mutating func finish(_ job: Job) {
    guard let key = job.key, var lane = lanes[key] else { return }
    guard !lane.isEmpty else {
      lanes[key] = nil
      return
    }
    ready.append(lane.removeFirst())
    waiting -= 1
    lanes[key] = lane
  }

  /// Takes a job out. False when it has started, or was never queued.
  mutating func drop(_ job: Job) -> Bool {
    if let place = ready.firstIndex(of: job) {
      ready.remove(at: place)
      finish(job)
      return true
    }
    guard let key = job.key, let place = lanes[key]?.firstIndex(of: job) else { return false }
    lanes[key]?.remove(at: place)
    waiting -= 1
    return true
  }
}
