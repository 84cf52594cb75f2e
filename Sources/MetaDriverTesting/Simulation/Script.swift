/// One course of events as text and as data: who does what and when, and what goes wrong.
///
/// ```text
/// seed 17
/// store a
/// store b
/// client 0 skew -20ms
/// client 1 skew 2d drift 1.01
/// step 1 client 0 at 10ms put k0
/// step 2 client 0 at 30ms get k0
/// call put b step 1 number 1: request 45ms reply 1ms lostReply
/// at 40ms crash client 0 for 20ms clock -30s
/// at 50ms clock 1 by -3m
/// at 60ms clock 1 frozen for 100ms
/// at 70ms wipe store a
/// ```
///
/// A counterexample prints its script; parsed again, it runs again. With `faults drawn` what becomes of each call follows
/// from the seed; otherwise calls that the script does not name take ``baseDelay`` in each direction, and succeed.
public struct Script: Hashable, Sendable {
  /// How long a message travels when nothing is said of it.
  public static let baseDelay: Duration = .milliseconds(1)

  /// What a client does.
  public struct Step: Hashable, Sendable {
    /// What it does with the key.
    public enum Action: String, Hashable, Sendable {
      /// Reads it.
      case get
      /// Writes the number of the step.
      case put
      /// Deletes it.
      case delete
      /// Asks what is there, without its bytes.
      case stat

      /// Whether nothing is written.
      var isRead: Bool { self == .get || self == .stat }
    }
    /// Names the step, from 1; a put writes this number.
    public let number: Int
    /// Which client, from 0.
    public let client: Int
    /// Not before this moment, and not before the client's steps above have ended.
    public internal(set) var moment: Duration
    /// What it does.
    public let action: Action
    /// Which key: `k0` and so on.
    public let key: Int
  }

  /// Something that happens to a process, its clock, a store, or the network between, and ends.
  public struct Incident: Hashable, Sendable {
    /// What happens.
    public enum Kind: Hashable, Sendable {
      /// A client crashes, and starts again when the incident ends, with its wall clock set by so much.
      case clientCrash(Int, clock: Duration = .zero)
      /// A store crashes, and comes back when the incident ends.
      case storeCrash(String)
      /// No message passes between a client and a store until the incident ends.
      case cut(client: Int, store: String)
      /// The wall clock of a client is set forward, or back, by so much; and back again when the incident ends, unless
      /// it lasts no time.
      case clockStep(Int, by: Duration)
      /// The wall clock of a client goes so many seconds in a second, 0 to 1000, and 0 is frozen; and as it did at the
      /// beginning of the script when the incident ends, unless it lasts no time.
      case clockRate(Int, Double)
      /// A store loses everything, and comes back empty when the incident ends.
      case storeWipe(String)
    }
    /// When it begins.
    public internal(set) var moment: Duration
    /// How long it lasts.
    public internal(set) var duration: Duration
    /// What happens.
    public internal(set) var kind: Kind
  }

  /// What a runtime's randomness, and faults that are drawn, follow from.
  public var seed: UInt64
  /// The names of the stores.
  public var stores: [String]
  /// What the wall clock of each client is at the beginning.
  public var clocks: [Simulation.WallClock]
  /// What the clients do, in the order of the moments.
  public var steps: [Step]
  /// What happens to processes, stores and the network.
  public var incidents: [Incident]
  /// What becomes of the calls, in their order; `nil` when it is drawn from the seed.
  var calls: [Call]?

  /// Whether a store can be called so in a script: one word, without what ends a field or begins a comment.
  static func canName(_ name: String) -> Bool {
    !name.isEmpty && !name.unicodeScalars.contains { $0.properties.isWhitespace || $0 == ":" || $0 == "#" }
  }

  /// What becomes of one call.
  struct Call: Hashable, Sendable {
    let call: FaultCall
    var journey: Journey
  }
}

extension Script {
  /// The stores that come back empty at some time.
  var wipedStores: Set<String> {
    Set(incidents.compactMap { if case .storeWipe(let store) = $0.kind { store } else { nil } })
  }
}
