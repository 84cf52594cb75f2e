/// About how wide a text is where no font can be asked: as wide as in the wider of the usual fonts, so that it fits.
enum TextWidth {
  /// The width of a text, in the unit of the size of its letters.
  static func of(_ text: String, size: Double, isBold: Bool = false) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ems($1) } * size * (isBold ? 1.1 : 1)
  }

  private static func ems(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", "'", "|", ".", ",", ":", ";", " ", "!": 0.33
    case "f", "r", "t", "(", ")", "[", "]", "/", "\\", "-", "\"": 0.44
    case "m", "w", "M", "W", "@", "%", "&", "…": 1
    case "A"..."Z", "<", ">", "=", "+": 0.78
    case "\0"..."\u{7f}": 0.64
    // Accents that stand above the letter before.
    case "\u{300}"..."\u{36f}", "\u{200b}"..."\u{200f}", "\u{fe00}"..."\u{fe0f}": 0
    case "\u{1100}"...: 1.1
    default: 0.7
    }
  }
}
