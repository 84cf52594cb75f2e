internal import Foundation
import Testing

@testable import MetaDriverAnalysis

@Suite struct ThemeTests {
  /// The contrast of two colours as the Web Content Accessibility Guidelines 2.2 define it.
  private func contrast(_ first: UInt32, _ second: UInt32) -> Double {
    func luminance(_ colour: UInt32) -> Double {
      let parts = [16, 8, 0].map { shift -> Double in
        let part = Double(colour >> UInt32(shift) & 0xff) / 255
        return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    let (light, dark) = (max(luminance(first), luminance(second)), min(luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)
  }

  @Test("Whatever is written can be read on whatever it is written on, in light and in dark")
  func readable() {
    #expect(abs(contrast(0xffffff, 0) - 21) < 1e-9)
    for ink in Theme.inks + Theme.series {
      for surface in Theme.surfaces {
        #expect(contrast(ink.light, surface.light) >= 4.5, "\(ink.name) on \(surface.name)")
        #expect(contrast(ink.dark, surface.dark) >= 4.5, "dark \(ink.name) on \(surface.name)")
      }
    }
  }

  @Test("Every variable that a rule uses is there, and no brace is left open")
  func variables() throws {
    let rules = Theme.variables + Theme.page + Theme.tree + Theme.chart
    for use in rules.matches(of: /var\(--([a-z0-9]+)\)/) { #expect(Theme.variables.contains("--\(use.1):#")) }
    #expect(rules.count { $0 == "{" } == rules.count { $0 == "}" })
    #expect(Theme.variables.contains("prefers-color-scheme:dark"))
  }
}
