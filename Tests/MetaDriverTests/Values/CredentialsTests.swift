import MetaDriver
import Testing

@Suite struct CredentialsTests {
  private static let value = "hunter2-very-secret"

  /// Every way in which a value reaches a log without anybody meaning it to.
  private func texts<Value>(_ value: Value) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    var mirrored = ""
    var mirrors = [Mirror(reflecting: value)]
    while let mirror = mirrors.popLast() {
      for child in mirror.children {
        mirrored += "\(child.label ?? "-"): \(child.value); "
        mirrors.append(Mirror(reflecting: child.value))
      }
    }
    return ["\(value)", String(describing: value), String(reflecting: value), dumped, mirrored]
  }

  @Test("A secret never prints itself, alone or inside anything that carries it")
  func neverPrinted() {
    var options = CallOptions(identity: Identity("alice"))
    options.credentials["eu"] = Secret(Self.value)
    let secret = Secret(Self.value)
    let context = Context(Runtime(), options: options)
    let all =
      texts(secret) + texts([secret]) + texts(Optional(secret)) + texts(["eu": secret]) + texts(options.credentials)
      + texts(options) + texts(context) + texts([context]) + texts((secret, options))
    for text in all { #expect(!text.contains("hunter2"), "\(text)") }
    #expect("\(secret)" == "<redacted>")
    #expect("\([secret])" == "[<redacted>]")
    // The detector itself: a plain string inside the same structures is found.
    #expect(texts(["eu": Self.value]).contains { $0.contains("hunter2") })
  }

  @Test("A leaf finds its secret under its name, and its value when it asks")
  func lookup() {
    var credentials = Credentials()
    credentials["eu"] = Secret(Self.value)
    #expect(credentials["eu"]?.value == Self.value)
    #expect(credentials["us"] == nil)
    credentials["eu"] = nil
    #expect(credentials["eu"] == nil)
  }

  @Test("An identity prints its name")
  func identity() {
    #expect("\(Identity("alice"))" == "alice")
    #expect(Identity("alice") != Identity("Alice"))
  }
}
