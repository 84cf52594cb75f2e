import MetaDriver
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct EventQueueTests {
  @Test("Events come out by their moments, and those of one moment in the order in which they were added")
  func order() {
    var queue = EventQueue<String>()
    for (name, moment) in [("d", 30), ("a", 10), ("b", 20), ("c", 20), ("e", 30), ("z", .max), ("first", .min)] {
      queue.add(name, at: Int64(moment))
    }
    #expect(queue.count == 7)
    #expect(queue.next == .min)
    var names: [String] = []
    while let (_, name) = queue.removeFirst() { names.append(name) }
    #expect(names == ["first", "a", "b", "c", "d", "e", "z"])
    #expect(queue.count == 0 && queue.next == nil)
  }

  @Test("What is added at the moment that is being carried out comes behind the others of that moment")
  func reentry() {
    var queue = EventQueue<Int>()
    for number in 1...3 { queue.add(number, at: 5) }
    #expect(queue.removeFirst()?.action == 1)
    queue.add(4, at: 5)
    queue.add(0, at: 4)
    var numbers: [Int] = []
    while let (_, number) = queue.removeFirst() { numbers.append(number) }
    #expect(numbers == [0, 2, 3, 4])
  }

  @Test("What is left after some were taken out keeps its order")
  func removal() {
    var queue = EventQueue<Int>()
    for number in 0..<100 { queue.add(number, at: Int64(number % 7)) }
    queue.removeAll { $0 % 3 == 0 }
    queue.add(1_000, at: 3)
    var numbers: [Int] = []
    while let (_, number) = queue.removeFirst() { numbers.append(number) }
    let rest = (0..<100).filter { $0 % 3 != 0 }
    let expected: [Int] = (0..<7).flatMap { moment -> [Int] in
      let some = rest.filter { $0 % 7 == moment }
      return moment == 3 ? some + [1_000] : some
    }
    #expect(numbers == expected)
  }

  @Test("It does what a sorted array does, whatever is done to it")
  func model() {
    for seed in seeds(0..<300) {
      var generator = SeededGenerator(seed: seed)
      var queue = EventQueue<Int>()
      var model: [(moment: Int64, number: Int)] = []
      for number in 0..<200 {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<11:
          let moment = Int64.random(in: 0..<15, using: &generator)
          queue.add(number, at: moment)
          // Behind all of its moment.
          model.insert((moment, number), at: model.firstIndex { $0.moment > moment } ?? model.count)
        case 11..<19:
          let first = model.isEmpty ? nil : model.removeFirst()
          let taken = queue.removeFirst()
          #expect(taken?.moment == first?.moment && taken?.action == first?.number, "seed \(seed)")
        default:
          let remainder = Int.random(in: 0..<3, using: &generator)
          queue.removeAll { $0 % 3 == remainder }
          model.removeAll { $0.number % 3 == remainder }
        }
        #expect(queue.count == model.count && queue.next == model.first?.moment, "seed \(seed)")
      }
    }
  }
}
