#if HTTP
  private import CMetaDriverCurl

  /// The dates of HTTP's fields.
  package enum HTTPDate {
    /// The time since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`; `nil` for anything else.
    package static func parse(_ text: String) -> Duration? {
      let seconds = unsafe curl_getdate(text, nil)
      return seconds < 0 ? nil : .seconds(seconds)
    }
  }
#endif
