import MetaDriverTesting
import Testing

@testable import MetaDriver

/// R21, against a plain model.
@Suite struct SessionFloorsTests {
  private enum Step: CaseIterable {
    case write1, write2, write3, see1, see2, see3
    var stamp: Stamp {
      switch self {
      case .write1, .see1: Stamp(time: 1, writer: 9)
      case .write2, .see2: Stamp(time: 2, writer: 9)
      case .write3, .see3: Stamp(time: 3, writer: 9)
      }
    }
    var isWrite: Bool { self == .write1 || self == .write2 || self == .write3 }
  }

  private static let key = Key.mutable("k")

  private static func record(_ stamp: Stamp) -> Record { Record([UInt8(stamp.time)], stamp: stamp) }

  // R21
  @Test(
    "Whatever order writes and reads end in, the floors are the newest stamps, and only rise", arguments: [true, false])
  func everyOrder(isDurable: Bool) throws {
    func extend(_ steps: [Step], _ before: SessionFloors) {
      var floors = before
      for step in Step.allCases {
        floors = before
        let stamp = step.stamp
        if step.isWrite {
          floors.write(Self.record(stamp), at: Self.key, keepsRecord: true)
        } else {
          floors.see(Stat(of: Self.record(stamp)), at: Self.key)
        }
        let all = steps + [step]
        let written = all.filter(\.isWrite).map(\.stamp).max(), seen = all.map(\.stamp).max()
        #expect(floors.floor(.readYourWrites, of: Self.key) == written)
        #expect(floors.floor(.monotonicReads, of: Self.key) == seen)
        #expect(floors.record(at: Self.key)?.stamp == (isDurable ? nil : written))
        if all.count < 4 { extend(all, floors) }
      }
    }
    var start = SessionFloors(keyLimit: 2, byteLimit: 100, isDurable: isDurable)
    start.load(SessionFloors.Entry(), stored: nil, at: Self.key)
    extend([], start)
  }

  @Test("A copy is below a floor when its stamp is, and without a stamp it always is")
  func below() {
    func stamp(_ time: UInt64) -> Stamp { Stamp(time: time, writer: 1) }
    let entry = SessionFloors.Entry(own: Stat(of: Self.record(stamp(2))), seen: Stat(of: Self.record(stamp(3))))
    #expect(entry.floor(.readYourWrites) == stamp(2))
    #expect(entry.floor(.monotonicReads) == stamp(3))
    #expect(SessionFloors.Entry(own: entry.own).floor(.monotonicReads) == stamp(2))
    #expect(SessionFloors.Entry(own: Stat(byteCount: 1)) == SessionFloors.Entry())
  }

  // R29
  @Test("With a journal a full memory lets go of what the journal has, and of nothing else")
  func eviction() {
    var floors = SessionFloors(keyLimit: 2, byteLimit: 0, isDurable: true)
    func key(_ number: Int) -> Key { .mutable(try! DataID("\(number)")) }
    let stamp = Stamp(time: 1, writer: 1)
    for number in 0..<2 { floors.load(SessionFloors.Entry(), stored: nil, at: key(number)) }
    floors.write(Self.record(stamp), at: key(0), keepsRecord: false)
    #expect(floors.unjournalled(key(0))?.entry.floor(.readYourWrites) == stamp)
    #expect(floors.unjournalled(key(1)) == nil)

    var hasRoom = floors.makeRoom(for: key(2))
    #expect(hasRoom)
    #expect(floors.entry(of: key(1)) == nil, "it was clean")
    #expect(floors.entry(of: key(0)) != nil, "its floor is nowhere else")
    floors.load(SessionFloors.Entry(), stored: nil, at: key(2))
    floors.see(Stat(of: Self.record(stamp)), at: key(2))
    hasRoom = floors.makeRoom(for: key(3))
    #expect(!hasRoom)

    let change = floors.unjournalled(key(2))
    floors.markJournalled(key(2), version: change?.version ?? -1, stored: stamp)
    #expect(floors.unjournalled(key(2)) == nil)
    hasRoom = floors.makeRoom(for: key(3))
    #expect(hasRoom)
    #expect(floors.entry(of: key(2)) == nil)
  }

  @Test("What changed while the journal was written is still to be written")
  func changedMeanwhile() throws {
    var floors = SessionFloors(keyLimit: 2, byteLimit: 0, isDurable: true)
    floors.load(SessionFloors.Entry(), stored: nil, at: Self.key)
    floors.write(Self.record(Stamp(time: 1, writer: 1)), at: Self.key, keepsRecord: false)
    let change = try #require(floors.unjournalled(Self.key))
    floors.write(Self.record(Stamp(time: 2, writer: 1)), at: Self.key, keepsRecord: false)
    floors.markJournalled(Self.key, version: change.version, stored: Stamp(time: 5, writer: 1))
    #expect(floors.unjournalled(Self.key)?.entry.floor(.readYourWrites) == Stamp(time: 2, writer: 1))
  }

  @Test("A write acknowledged before the journal was read is merged with what the journal has, and still to be written")
  func lateLoad() {
    var floors = SessionFloors(keyLimit: 2, byteLimit: 0, isDurable: true)
    let (old, new) = (Self.record(Stamp(time: 1, writer: 1)), Self.record(Stamp(time: 2, writer: 1)))
    floors.write(new, at: Self.key, keepsRecord: false)
    #expect(floors.entry(of: Self.key) == nil)
    floors.load(SessionFloors.Entry(own: Stat(of: old)), stored: nil, at: Self.key)
    #expect(floors.entry(of: Self.key)?.floor(.readYourWrites) == new.stamp)
    #expect(floors.unjournalled(Self.key) != nil)
  }

  @Test("What is forgotten is gone, and with a journal read again")
  func forget() {
    for isDurable in [true, false] {
      var floors = SessionFloors(keyLimit: 1, byteLimit: 10, isDurable: isDurable)
      floors.load(SessionFloors.Entry(), stored: nil, at: Self.key)
      floors.write(Self.record(Stamp(time: 1, writer: 1)), at: Self.key, keepsRecord: true)
      floors.forget(Self.key)
      #expect(floors.entry(of: Self.key) == (isDurable ? nil : SessionFloors.Entry()))
      #expect(floors.record(at: Self.key) == nil)
      let hasRoom = floors.makeRoom(for: .mutable("other"))
      #expect(hasRoom)
    }
  }
}
