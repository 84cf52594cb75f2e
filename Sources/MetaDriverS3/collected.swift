#if HTTP
  import MetaDriver

  /// Makes so many answers, a few at a time, in their order. The first failure ends the others, and is thrown.
  func collected<Answer: Sendable>(
    _ count: Int, atATime limit: Int, _ make: @escaping @Sendable (Int) async throws(DriverError) -> Answer
  ) async throws(DriverError) -> [Answer] {
    typealias Numbered = (number: Int, result: Result<Answer, DriverError>)
    let result = await withTaskGroup(of: Numbered.self) { group -> Result<[Answer], DriverError> in
      var answers: [Int: Answer] = [:]
      var next = 0
      func add(_ group: inout TaskGroup<Numbered>) {
        guard next < count else { return }
        let number = next
        next += 1
        group.addTask {
          do throws(DriverError) { return (number, .success(try await make(number))) } catch {
            return (number, .failure(error))
          }
        }
      }
      for _ in 0..<limit { add(&group) }
      while let (number, result) = await group.next() {
        switch result {
        case .success(let answer): answers[number] = answer
        case .failure(let error):
          group.cancelAll()
          return .failure(error)
        }
        add(&group)
      }
      return .success((0..<count).compactMap { answers[$0] })
    }
    return try result.get()
  }
#endif
