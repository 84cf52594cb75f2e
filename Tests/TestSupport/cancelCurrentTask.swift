/// Cancels the task that calls: for what must notice that it was cancelled before it began.
public func cancelCurrentTask() { unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() } }
