/// One way in which a store misbehaves, for one call.
///
/// A call suffers one fault at most. *Unchanged* and *effect unknown* are what the error says in
/// `DriverError.effect`; a read changes nothing, whatever becomes of it.
public enum Fault: Hashable, Sendable {
  /// Fails before it has any effect: `unavailable`, unchanged.
  case refused
  /// Takes effect, and then fails: `unavailable`, effect unknown.
  case failedAfterEffect
  /// Takes effect, and never answers: the caller waits until it is cancelled.
  case lostReply
  /// Has no effect, and never answers: the caller waits until it is cancelled.
  case hang
  /// Asks to be left alone for a second: `throttled`, unchanged.
  case throttled
  /// Has no room: `noSpace`, unchanged. Puts and deletes only.
  case full
  /// Answers with the copy before the one that is stored, which may be none. Reads, lists and stats only.
  case staleRead
  /// Answers with one bit flipped; what is stored is sound. Reads and stats only.
  case bitFlipOnRead
  /// Answers with the first half of the stored bytes; what is stored is sound. Reads and stats only.
  case truncatedRead
  /// Acknowledges, and shows the copy before for this long, or until the next write. Puts only.
  case delayedVisibility(Duration)
  /// Stores the first half of the new bytes, in front of what a longer old copy has there or cut off, and fails:
  /// `unavailable`, effect unknown. Puts only.
  case tornWrite
  /// Acknowledges, and stores the bytes with one bit flipped. Puts only.
  case bitFlipAtRest
  /// Takes effect, and once more after this long, over whatever was written since. Unconditional puts only.
  case duplicated(Duration)
  /// Acknowledges at once, and takes effect after this long, over whatever was written since. Unconditional puts only.
  case reordered(Duration)
}
