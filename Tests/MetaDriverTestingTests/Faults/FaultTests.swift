import MetaDriver
import MetaDriverTesting
import Testing

@Suite struct FaultTests {
  static let faults: [(String, Fault)] = [
    ("refused", .refused), ("failedAfterEffect", .failedAfterEffect), ("lostReply", .lostReply), ("hang", .hang),
    ("throttled", .throttled), ("full", .full), ("staleRead", .staleRead), ("bitFlipOnRead", .bitFlipOnRead),
    ("truncatedRead", .truncatedRead), ("delayedVisibility 40ms", .delayedVisibility(.milliseconds(40))),
    ("tornWrite", .tornWrite), ("bitFlipAtRest", .bitFlipAtRest), ("duplicated 2s", .duplicated(.seconds(2))),
    ("reordered 1500us", .reordered(.microseconds(1_500))), ("reordered 0s", .reordered(.zero)),
    ("reordered 1000000001ns", .reordered(.nanoseconds(1_000_000_001))),
  ]

  @Test("A fault prints itself, and is read from what it printed", arguments: faults)
  func roundTrip(text: String, fault: Fault) throws {
    #expect("\(fault)" == text)
    #expect(try Fault(text) == fault)
    #expect(text.hasPrefix(fault.kind.description))
  }

  @Test("Every kind of fault has a text that is tested") func everyKind() {
    #expect(Set(Self.faults.map(\.1.kind)) == Set(Fault.Kind.allCases))
  }

  @Test("Text that is no fault is refused, with the field and what it should be") func noFault() {
    let kinds = Fault.Kind.allCases.map(\.description).joined(separator: ", ")
    let duration = "is not a whole number of ns, us, ms or s that fits, such as 40ms"
    for (text, reason) in [
      ("", "it is empty"), ("   ", "it is empty"), ("reorderd 40ms", "the kind \"reorderd\" is none of \(kinds)"),
      ("lostReply 40ms", "lostReply takes nothing more, and \"40ms\" follows"),
      ("reordered", "reordered needs a duration behind it, such as 40ms"),
      ("reordered 40ms 2", "reordered takes one duration, and \"2\" follows it"),
      ("reordered 40", "the duration \"40\" \(duration)"), ("reordered ms", "the duration \"ms\" \(duration)"),
      ("reordered -4ms", "the duration \"-4ms\" \(duration)"),
      ("reordered 4.5ms", "the duration \"4.5ms\" \(duration)"),
      ("reordered 99999999999s", "the duration \"99999999999s\" \(duration)"),
      ("duplicated 4min", "the duration \"4min\" \(duration)"),
    ] {
      #expect("\(text)") { try Fault(text) } throws: { error in
        "\(error)" == "\"\(text)\" is no fault: \(reason)"
      }
    }
  }
}
