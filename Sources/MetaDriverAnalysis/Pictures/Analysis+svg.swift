extension Analysis {
  /// The tree as a picture that stands alone, or in a page: an SVG without scripts and without anything from elsewhere.
  ///
  /// It shows what ``mermaid`` shows, and follows the light or dark surroundings of who looks at it. Leaves of one failure
  /// domain have one colour and one number, which the legend explains. A long name is shortened.
  ///
  /// ```swift
  /// let picture = profiles.analysis.svg       // <svg xmlns="…" role="img" …
  /// ```
  ///
  /// - Complexity: O(nodes²).
  public var svg: String {
    let style = "\n\(Theme.variables)\(Theme.tree)"
    return TreeDrawing(OutlineGraph(outline, kind: kind)).markup(style: style).rendered + "\n"
  }
}
