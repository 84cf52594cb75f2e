/// Says when the next piece of work may begin, so that a rate is kept. Pure: it is told the time.
///
/// Time that was not used is lost: after a pause nothing is done faster than the rate.
struct Pacer {
  /// How long one item, and one byte, take at the rate; zero where there is no limit.
  private let perItem: Duration
  private let perByte: Duration
  private var free: Duration = .zero

  init(itemsPerSecond: Int?, bytesPerSecond: Int?) {
    perItem = itemsPerSecond.map { .seconds(1) / $0 } ?? .zero
    perByte = bytesPerSecond.map { .seconds(1) / $0 } ?? .zero
  }

  /// When the next item may begin; its time is taken.
  mutating func begin(now: Duration, byteCount: Int) -> Duration {
    let start = max(now, free)
    free = start + max(perItem, perByte * byteCount)
    return start
  }
}
