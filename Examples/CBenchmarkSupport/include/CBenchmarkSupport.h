#ifndef CBENCHMARKSUPPORT_H
#define CBENCHMARKSUPPORT_H

/// Begins or ends the counting of allocations, in all threads of the process.
void benchmark_count_allocations(int on);

/// How many allocations were counted so far; negative where they cannot be counted.
long benchmark_allocation_count(void);

#endif
