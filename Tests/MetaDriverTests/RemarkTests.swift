import MetaDriver
import Testing

@Suite struct RemarkTests {
  @Test("A remark says how bad, where, why, and what to do")
  func description() {
    let remark = Remark(.error, "there is no child", mend: "Give it one", path: ["profiles", "Quorum"])
    #expect("\(remark)" == "error: profiles/Quorum: there is no child. Give it one.")
    #expect("\(Remark(.warning, "it is slow", mend: "Wait"))" == "warning: it is slow. Wait.")
  }

  @Test("An error matters more than a warning")
  func severity() { #expect(Remark.Severity.warning < .error) }
}
