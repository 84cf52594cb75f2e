import Testing

@Suite struct QuickstartTests {}
