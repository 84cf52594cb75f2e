#if HTTP
  private import Foundation

  #if canImport(CryptoKit)
    private import CryptoKit
  #else
    private import CMetaDriverCrypto
  #endif

  /// SHA-256, plain and keyed, of the system's cryptography.
  enum Digest {
    #if canImport(CryptoKit)
      /// The hash of bytes.
      static func sha256(_ bytes: ArraySlice<UInt8>) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

      /// The keyed hash of a text.
      static func hmac(_ text: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
      }
    #else
      /// The hash of bytes.
      static func sha256(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        unsafe filled { hash, count in
          unsafe bytes.withUnsafeBytes { bytes in
            unsafe EVP_Digest(bytes.baseAddress, bytes.count, hash, &count, EVP_sha256(), nil) == 1
          }
        }
      }

      /// The keyed hash of a text.
      static func hmac(_ text: String, key: [UInt8]) -> [UInt8] {
        let text = Array(text.utf8)
        return unsafe filled { hash, count in
          unsafe HMAC(EVP_sha256(), key, Int32(key.count), text, text.count, hash, &count) != nil
        }
      }

      private static func filled(_ fill: (UnsafeMutablePointer<UInt8>, inout UInt32) -> Bool) -> [UInt8] {
        unsafe Array(unsafeUninitializedCapacity: 32) { buffer, count in
          var length: UInt32 = 32
          guard let hash = buffer.baseAddress, unsafe fill(hash, &length), length == 32 else {
            preconditionFailure("libcrypto has no SHA-256: check how it is configured")
          }
          count = 32
        }
      }
    #endif

    /// A hash in hexadecimal digits, as checksums are written.
    static func base64(_ digits: String) -> String {
      let values = digits.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue.map(UInt8.init) }
      let bytes = stride(from: 0, to: values.count - 1, by: 2).map { values[$0] << 4 | values[$0 + 1] }
      return Data(bytes).base64EncodedString()
    }

    /// The hash of a text.
    static func sha256(_ text: String) -> [UInt8] { sha256(Array(text.utf8)[...]) }
  }
#endif
