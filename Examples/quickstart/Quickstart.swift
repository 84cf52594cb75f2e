import MetaDriver

@main struct Quickstart {
  static func main() async throws {
    let s = try Strategy("notes") {
      ReadYourWrites {
        Quorum(read: 2, write: 2) {
          MemoryDriver("a")
          MemoryDriver("b").timeout(.seconds(1))
          LocalOnly { MemoryDriver("c") }
        }
      }
    }
    print(s)
    print(try await s.put([1, 2, 3], at: "x"))
    print(try await s.get("x") as Any)
    print(try await s.delete("x"))
    print(try await s.get("x") as Any)
    print(try await s.list())
    do { _ = try Strategy("bad") { Quorum(read: 5, write: 1) { MemoryDriver("a"); MemoryDriver("b").readOnly() } } } catch { print(error) }
  }
}
