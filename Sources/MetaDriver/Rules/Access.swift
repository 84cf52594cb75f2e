/// What reading and writing need of a node's children, and how the node asks them.
///
/// ```swift
/// var access = Access(read: .any(3), write: .all(3))
/// access.readCourse = .sequential                     // the second is asked when the first has no answer
/// ```
public struct Access: Hashable, Sendable {
  /// Which children a read needs.
  public var read: Rule
  /// Which children a write needs.
  public var write: Rule
  /// How a read asks them.
  public var readCourse: Course
  /// How a write asks them.
  public var writeCourse: Course
  /// Whether a write reads first, as a read would: two rounds.
  public var readsBeforeWriting = false

  /// Makes the pair; all children are asked at once unless it is said otherwise.
  public init(read: Rule, write: Rule, readCourse: Course = .concurrent, writeCourse: Course = .concurrent) {
    self.read = read
    self.write = write
    self.readCourse = readCourse
    self.writeCourse = writeCourse
  }
}
