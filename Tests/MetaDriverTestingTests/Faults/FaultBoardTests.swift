import MetaDriver
import MetaDriverTesting
import Testing

@Suite struct FaultBoardTests {
  private let board = FaultBoard(seed: 7)

  private func strategy() throws -> Strategy {
    try Strategy("notes") {
      Quorum(read: 3, write: 3) {
        board.leaf("eu").timeout(.seconds(1))
        board.leaf("us")
        board.leaf("us", ordering: .newestWins)
        MemoryDriver("memory")
      }
    }
  }

  @Test("A leaf is found by its path, with the strategy's name in front or without") func paths() async throws {
    let notes = try strategy()
    let eu = try board.leaf(at: "notes/Quorum/Timeout/eu", in: notes.outline)
    #expect(try board.leaf(at: "Quorum/Timeout/eu", in: notes.outline).leaf === eu.leaf)
    #expect(eu.leaf?.name == "eu")
    eu.isDown = true
    let receipt = try await notes.put([1], at: "k")
    #expect(receipt.children.first?.result.isAcknowledged == false)
  }

  @Test("Leaves at one path are told apart by their number, as in reports") func numbers() async throws {
    let notes = try strategy()
    let first = try board.leaf(at: "Quorum/us", in: notes.outline)
    let second = try board.leaf(at: "Quorum/us#2", in: notes.outline)
    #expect(first.leaf?.ordering == .fifo && second.leaf?.ordering == .newestWins)
    second.isDown = true
    let receipt = try await notes.put([1], at: "k")
    #expect(receipt.children.first { $0.node == "us#2" }?.result.isAcknowledged == false)
  }

  @Test("A path that is none says which there are") func unknown() throws {
    let outline = try strategy().outline
    let known = ["Quorum/Timeout/eu", "Quorum/us", "Quorum/us#2"]
    for path in ["notes/Quorum/eu", "Quorum/memory", "us", "", "a/b/Quorum/us", "Quorum/us#3"] {
      #expect(throws: FaultBoard.UnknownPath.self, "\(path)") { try board.leaf(at: path, in: outline) }
    }
    #expect {
      try board.leaf(at: "Quorum/memory", in: outline)
    } throws: { error in
      "\(error)" == "no leaf of this board is at \"Quorum/memory\" in the tree; there are "
        + known.joined(separator: ", ")
    }
    #expect {
      try board.leaf(at: "m", in: MemoryDriver("m").outline)
    } throws: { error in
      "\(error)" == "no leaf of this board is at \"m\" in the tree; it has none"
    }
  }

  @Test("Leaves of one name misbehave each in its own way") func draws() async throws {
    func errors(_ leaf: Faulty) async -> [Bool] {
      leaf.faults[.refused] = 0.5
      var errors: [Bool] = []
      for _ in 0..<64 {
        do throws(DriverError) {
          _ = try await leaf.get("k")
          errors.append(false)
        } catch { errors.append(true) }
      }
      return errors
    }
    let first = await errors(board.leaf("eu"))
    #expect(await errors(board.leaf("eu")) != first)
    #expect(await errors(FaultBoard(seed: 7).leaf("eu")) == first)
  }
}
