/// One way in which a store misbehaves, for one call.
public enum Fault: Hashable, Sendable {
  /// Fails before it has any effect: `unavailable`, unchanged.
  case refused
  /// Takes effect, and then fails: `unavailable`, effect unknown.
  case failedAfterEffect
  /// Takes effect, and never answers.
  case lostReply
  /// Has no effect, and never answers.
  case hang
  /// Asks to be left alone for a while: `throttled`, unchanged.
  case throttled
  /// Has no room: `noSpace`, unchanged. Writes only.
  case full
  /// Answers with the copy before the one that is stored. Reads only.
  case staleRead
  /// Answers with one bit flipped; what is stored is sound. Reads only.
  case bitFlipOnRead
  /// Answers with the first half of the stored bytes; what is stored is sound. Reads only.
  case truncatedRead
  /// Acknowledges, and shows the copy before for this long. Puts only.
  case delayedVisibility(Duration)
  /// Stores the first half of the new bytes, and fails: `unavailable`, effect unknown. Puts only.
  case tornWrite
  /// Acknowledges, and stores one flipped bit. Puts only.
  case bitFlipAtRest
  /// Takes effect, and once more after this long, over whatever was written since. Puts only.
  case duplicated(Duration)
  /// Acknowledges at once, and takes effect after this long, over whatever was written since. Puts only.
  case reordered(Duration)
}
