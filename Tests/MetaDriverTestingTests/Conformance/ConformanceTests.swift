import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite struct ConformanceTests {
  private struct NoStore: Error {}

  private func run(
    _ cases: [Conformance.Case], limit: Duration = .seconds(10), _ make: @escaping @Sendable () throws -> any Driver
  ) throws -> Conformance.Report {
    try #require(
      deterministically { runtime in
        await Conformance(runtime: runtime, limit: limit) { try make() }.run(cases)
      })
  }

  @Test("A sound driver passes every case", arguments: Conformance.Case.allCases)
  func sound(testCase: Conformance.Case) throws {
    for ordering in [PutOrdering.newestWins, .fifo, .none] {
      let report = try #require(
        deterministically { runtime in
          await Conformance(runtime: runtime, place: { ShelfDriver(ordering: ordering) }, driver: { $0 }).run([testCase]
          )
        })
      #expect(report.findings.isEmpty, "\(report)")
    }
  }

  @Test("A case that needs what is not declared is skipped, and says what")
  func skipped() throws {
    let report = try run([.listing, .deletes, .urls, .reopening, .verification, .absence]) {
      MemoryDriver().readOnly()
    }
    #expect(
      report.description == """
        skipped  listing             not declared: put
        skipped  deletes             not declared: put, delete
        skipped  urls                not declared: put, make-url, get-url
        skipped  reopening           not declared: put
        skipped  verification        not declared: put
        passed   absence             What was never written is absent
        1 passed, 0 failed, 5 skipped
        """)
    let memory = try run([.reopening, .verification]) { MemoryDriver() }
    #expect(
      memory.results.map(\.verdict) == [
        .skipped("the suite was not told how to make a driver of the same store"),
        .skipped("the tree does not say that it verifies"),
      ])
  }

  @Test("A finding says what was done, what was expected, and what was seen")
  func findings() throws {
    let report = try run([.absence, .deletesOfAbsent]) {
      var shelf = ShelfDriver()
      shelf.onDelete = { shelf, key, _ throws(DriverError) in
        _ = shelf.remove(key)
        return Receipt(.deleted)
      }
      return shelf
    }
    let text =
      "deletesOfAbsent: use an empty store, then delete 'never written': expected already absent, seen: deleted"
    #expect(report.findings.first?.description == text)
    #expect(report.findings.allSatisfy { $0.case == .deletesOfAbsent })
    #expect(
      report.description == """
        passed   absence             What was never written is absent
        FAILED   deletesOfAbsent     use an empty store, then delete 'never written': expected already absent, seen: \
        deleted (and 2 more)
        1 passed, 1 failed, 0 skipped
        """)
  }

  @Test("check throws the findings, and nothing for a sound driver")
  func check() async throws {
    try await Conformance(runtime: .manual()) { MemoryDriver() }.check([.absence, .payloads])
    var shelf = ShelfDriver()
    shelf.onGet = { _, _, _ throws(DriverError) in Record([7]) }
    let suite = Conformance(runtime: .manual()) { [shelf] in shelf }
    do throws(Conformance.Failure) {
      try await suite.check(.absence)
      Issue.record("a driver that finds what was never written passed")
    } catch {
      let text = "the driver does not conform: 9 findings\nabsence: use an empty store, then get 'never written': "
      #expect(error.description.hasPrefix(text), "\(error)")
    }
  }

  // A7, R24
  @Test("A driver that never answers is a finding when the time is over, with the call that it did not answer")
  func hang() throws {
    let clock = ManualClock()
    let executor = ManualExecutor()
    let runtime = Runtime.manual(clock, executor: executor)
    let answer = Box<Conformance.Report?>(nil)
    let gate = Gate()
    Task(executorPreference: executor) {
      var shelf = ShelfDriver()
      shelf.onGet = { _, _, _ throws(DriverError) in
        try? await gate.wait(ignoringCancellation: true)
        return nil
      }
      answer.value = await Conformance(runtime: runtime, limit: .seconds(3)) { [shelf] in shelf }.run([.absence])
    }
    executor.runUntilIdle()
    clock.advance(to: .milliseconds(2_999))
    executor.runUntilIdle()
    #expect(answer.value == nil)
    clock.advance(to: .seconds(3))
    executor.runUntilIdle()
    #expect(
      answer.value?.findings.map(\.description) == [
        "absence: get of 'never written': expected an answer within 3.0 seconds for all of the case, seen: none"
      ])
  }

  @Test("After three cases in a row without an answer, the driver is not asked any more")
  func givesUp() throws {
    let report = try run([.absence, .payloads, .outline, .overwriting, .ids, .kinds, .stats, .outline]) {
      var shelf = ShelfDriver()
      shelf.onGet = { _, _, _ throws(DriverError) in
        try? await Gate().wait(ignoringCancellation: true)
        return nil
      }
      return shelf
    }
    #expect(report.findings.map(\.case) == [.absence, .payloads, .overwriting, .ids, .kinds])
    #expect(report.results.last?.verdict == .skipped("the driver did not answer in the three cases before"))
    #expect(report.results.map(\.case) == [.absence, .payloads, .outline, .overwriting, .ids, .kinds, .stats])
  }

  @Test("A driver that cannot be made, or never is, is a finding")
  func factory() throws {
    let report = try run([.outline]) { throw NoStore() }
    #expect(report.findings.map(\.description) == ["outline: make a driver: expected a driver, seen: NoStore()"])
    let hung = try #require(
      deterministically { runtime in
        await Conformance(runtime: runtime) {
          try await Gate().wait(ignoringCancellation: true)
          return MemoryDriver()
        }.run([.outline])
      })
    #expect(hung.findings.map(\.action) == ["making a driver"])
  }

  @Test("A run whose task is cancelled ends, and says what was not run")
  func cancelled() throws {
    let report = try #require(
      deterministically { runtime in
        cancelCurrentTask()
        return await Conformance(runtime: runtime) { MemoryDriver() }.run([.absence, .payloads])
      })
    #expect(report.results.map(\.verdict) == Array(repeating: .skipped("the run was cancelled"), count: 2))
  }

  @Test("What one case finds out about another belongs there, once, whichever is run first")
  func foreignFindings() throws {
    for cases: [Conformance.Case] in [[.secrets, .createOnly], [.createOnly, .secrets], [.createOnly, .createRaces]] {
      let report = try run(cases) {
        var shelf = ShelfDriver()
        shelf.onPut = { shelf, write, context throws(DriverError) in
          do throws(DriverError) { return try shelf.write(write) } catch {
            throw DriverError(error.code, "for \(context.credentials["shelf"]?.value ?? "")")
          }
        }
        return shelf
      }
      #expect(Set(report.findings.map(\.case)) == [.secrets], "\(report)")
      #expect(!report.description.contains("made-up"), "the report shows the secret: \(report)")
      #expect(report.results.count == Set(cases).union([.secrets]).count)
    }
  }

  @Test("The driver gets the credentials that the suite was given")
  func credentials() throws {
    var credentials = Credentials()
    credentials["shelf"] = Secret("sesame")
    var shelf = ShelfDriver()
    shelf.onGet = { shelf, key, context throws(DriverError) in
      guard context.credentials["shelf"]?.value == "sesame" else { throw DriverError(.denied, "who is it?") }
      return shelf[key]
    }
    let report = deterministically { [credentials, shelf] runtime in
      await Conformance(runtime: runtime, credentials: credentials) { shelf }.run([.absence])
    }
    #expect(report?.results.map(\.verdict) == [.passed])
  }

  @Test("A tree that was composed wrongly is one finding")
  func mistakes() throws {
    let report = try run(Conformance.Case.allCases) { Replicated { MemoryDriver().readOnly() } }
    #expect(report.findings.map(\.case) == [.outline])
    #expect(report.findings.first?.action == "compose the tree")
  }

  @Test("Two runs in virtual time are the same run")
  func deterministic() throws {
    let make: @Sendable () -> any Driver = {
      Breakage.concurrency.first.map { $0.make() } ?? ShelfDriver()
    }
    let reports = try (0..<2).map { _ in try run(Conformance.Case.allCases, make).description }
    #expect(reports[0] == reports[1])
    #expect(reports[0].contains("FAILED"))
  }
}
