#if HTTP
  @testable import MetaDriverEtcd
  import Testing

  @Suite struct EtcdEndpointsTests {
    @Test("The endpoint that answered last is asked first")
    func preferred() {
      var endpoints = EtcdEndpoints(count: 3)
      #expect(endpoints.order(at: .zero) == [0, 1, 2])
      endpoints.succeeded(2)
      #expect(endpoints.order(at: .zero) == [2, 0, 1])
    }

    @Test("An endpoint that failed is asked last for a while, and never left out")
    func distrusted() {
      var endpoints = EtcdEndpoints(count: 3)
      endpoints.failed(0, at: .seconds(1))
      #expect(endpoints.order(at: .seconds(1)) == [1, 2, 0])
      endpoints.failed(1, at: .seconds(2))
      #expect(endpoints.order(at: .seconds(3)) == [2, 0, 1])
      endpoints.failed(2, at: .seconds(3))
      #expect(endpoints.order(at: .seconds(4)) == [0, 1, 2])
      #expect(endpoints.order(at: .seconds(1) + EtcdEndpoints.distrust) == [0, 1, 2])
      #expect(endpoints.order(at: .seconds(2) + EtcdEndpoints.distrust) == [0, 1, 2])
      endpoints.succeeded(1)
      #expect(endpoints.order(at: .seconds(4)) == [1, 0, 2])
    }

    @Test("Every order has every endpoint once, whatever happened")
    func complete() {
      for course in 0..<(6 * 6 * 6 * 6) {
        var endpoints = EtcdEndpoints(count: 3)
        var rest = course
        for step in 0..<4 {
          let (index, fails) = (rest % 3, rest / 3 % 2 == 1)
          rest /= 6
          if fails { endpoints.failed(index, at: .seconds(4 * step)) } else { endpoints.succeeded(index) }
          #expect(endpoints.order(at: .seconds(4 * step)).sorted() == [0, 1, 2])
        }
      }
    }

    @Test("An attempt takes its share of the deadline, and no longer than the time-out")
    func share() {
      #expect(EtcdEndpoints.share(of: nil, among: 3, timeout: .seconds(2)) == .seconds(2))
      #expect(EtcdEndpoints.share(of: .seconds(30), among: 3, timeout: .seconds(2)) == .seconds(2))
      #expect(EtcdEndpoints.share(of: .seconds(3), among: 3, timeout: .seconds(2)) == .seconds(1))
      #expect(EtcdEndpoints.share(of: .seconds(1), among: 1, timeout: .seconds(2)) == .seconds(1))
    }
  }
#endif
