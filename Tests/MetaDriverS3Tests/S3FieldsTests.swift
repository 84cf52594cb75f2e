#if HTTP
  import MetaDriver
  @testable import MetaDriverS3
  import MetaDriverTesting
  private import Foundation
  import ServerSupport
  import Testing

  @Suite struct S3FieldsTests {
    private let key: Key = "alice/profile"
    private let records = [
      Record([], stamp: Stamp(time: 1, writer: .max)), Record([1, 2, 3], stamp: Stamp(time: .max, writer: 0)),
      Record([4], stamp: Stamp(time: 7, writer: 8), parent: Stamp(time: 5, writer: 6)),
      Record([5], parent: Stamp(time: 5, writer: 6)),
    ]

    private func fields(of record: Record) throws -> S3Fields {
      let content = S3Content(record, of: key, stamps: .metadata)
      return try S3Fields(try #require(content.headers.first { $0.0 == S3Fields.name }).1, for: key)
    }

    @Test("Stamp and parent come back with the bytes")
    func backAgain() throws {
      for record in records { #expect(try fields(of: record).record(record.bytes, of: key) == record) }
    }

    @Test("Bare records have no fields, and tombstones are envelopes")
    func without() throws {
      #expect(S3Content(Record([1]), of: key, stamps: .metadata).headers.count == 1)
      let tombstone = Record.tombstone(DeletionProof([9]), stamp: Stamp(time: 3, writer: 4))
      let content = S3Content(tombstone, of: key, stamps: .metadata)
      #expect(content.headers.count == 1 && Array(content.body) == tombstone.encoded(for: key))
      let enveloped = S3Content(records[2], of: key, stamps: .envelope)
      #expect(enveloped.headers.count == 1 && Array(enveloped.body) == records[2].encoded(for: key))
    }

    // R2, A30
    @Test("Torn or changed bytes, and those of another key, are corrupt")
    func damage() throws {
      let record = records[2]
      let text = try fields(of: record).text(for: key)
      let other = #expect(throws: DriverError.self) { try S3Fields(text, for: "bob/profile") }
      #expect(other?.code == .corrupt)
      for bytes: [UInt8] in [[], [5], [4, 4]] {
        let error = #expect(throws: DriverError.self) { try S3Fields(text, for: key).record(bytes, of: key) }
        #expect(error?.code == .corrupt)
      }
      for count in 0..<text.utf8.count {
        let error = #expect(throws: DriverError.self) { try S3Fields(String(text.prefix(count)), for: key) }
        #expect(error?.code == .corrupt, "\(count)")
      }
      for place in text.utf8.indices {
        for bit: UInt8 in [1, 2, 4, 8, 16, 32, 64] {
          var bytes = Array(text.utf8)
          bytes[text.utf8.distance(from: text.startIndex, to: place)] ^= bit
          let error = #expect(throws: DriverError.self) {
            try S3Fields(String(decoding: bytes, as: UTF8.self), for: key)
          }
          #expect(error?.code == .corrupt)
        }
      }
    }

    @Test("Whatever the field holds, it is read or corrupt")
    func fuzz() {
      var generator = SeededGenerator(seed: seed)
      let fuzzer = AnswerFuzzer(
        samples: records.map { S3Content($0, of: key, stamps: .metadata).headers.last?.1 ?? "" }.map { Array($0.utf8) },
        words: [
          "1", ";stamp=", ";parent=", ";length=", ";sha256=", ";check=", "-", "=", ";", "0", "\0", "é",
          "18446744073709551616",
        ])
      for _ in 0..<AnswerFuzzer.count {
        do throws(DriverError) {
          let fields = try S3Fields(String(decoding: fuzzer.next(using: &generator), as: UTF8.self), for: key)
          // Only what was written is read: a changed one would need a digest to match by chance.
          #expect(records.contains { $0.stamp == fields.stamp && $0.parent == fields.parent }, "SEED=\(seed)")
        } catch { #expect(error.code == .corrupt, "SEED=\(seed)") }
      }
    }
  }
#endif
