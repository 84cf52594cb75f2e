extension Theme {
  /// How a report is set.
  static let page = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--page);color:var(--ink);\
    font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif;\
    font-variant-numeric:tabular-nums}
    main{max-width:1180px;margin:0 auto;padding:44px 28px 56px;display:grid;gap:24px}
    main>*,article,.trees>*,.charts>*{min-width:0}
    header{padding:0 4px 6px}
    .over{margin:0 0 6px;color:var(--muted);font-size:13px;letter-spacing:.02em}
    h1{margin:0 0 8px;font-size:30px;line-height:1.2;font-weight:680;letter-spacing:-.015em;overflow-wrap:anywhere}
    h2,h3{margin:0 0 12px;font-size:17px;line-height:1.3;font-weight:650;overflow-wrap:anywhere}
    h3{font-size:15px}
    p{margin:0}
    .lead,footer,.note{color:var(--muted)}
    .card{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:20px 24px;margin:0}
    .trees,article,.charts{display:grid;gap:24px}
    .trees,article{grid-template-columns:minmax(0,1fr)}
    .name{margin:0 4px -10px;font-size:20px}
    .picture{padding:8px;overflow-x:auto}
    .picture:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
    .picture svg{display:block;margin:0 auto;height:auto;max-width:100%}
    table{width:100%;border-collapse:collapse}
    th,td{padding:11px 20px 11px 0;text-align:start;vertical-align:top;border-top:1px solid var(--line);\
    overflow-wrap:anywhere}
    th:last-child,td:last-child{padding-right:0}
    tbody th{font-weight:550}
    tbody th::first-letter{text-transform:uppercase}
    thead td{border:0}
    thead th{border:0;padding-top:0;color:var(--muted);font-size:13px;font-weight:550}
    .guarantees tr:first-child>*{border-top:0;padding-top:2px}
    tbody tr:last-child>*{padding-bottom:2px}
    .guarantees tbody th{width:11em}
    .guarantees .answer{width:9.5em}
    .changes tbody th{width:24%}
    .changes td:last-child,.changes th:last-child{width:8em}
    .verdict{font-weight:620;white-space:nowrap}
    .symbol{display:inline-block;width:1.5em}
    .good{color:var(--good)}
    .bad{color:var(--bad)}
    .doubt{color:var(--doubt)}
    .plain,.arrow{color:var(--muted)}
    .witness{margin-top:2px;color:var(--muted)}
    .warnings{list-style:none;margin:0;padding:0;display:grid;gap:14px}
    .warnings li{border-left:3px solid var(--doubt);padding-left:14px}
    .path,.mend{color:var(--muted)}
    .path{font-size:13px;overflow-wrap:anywhere}
    section>h2:first-child{margin-left:4px}.card>h2:first-child{margin-left:0}
    figure h3{margin-bottom:8px}
    .note{margin-top:8px;font-size:13px}
    footer{font-size:13px;max-width:76ch;padding:0 4px}
    @media (min-width:900px){.charts{grid-template-columns:repeat(2,minmax(0,1fr))}
    .charts>:only-child{max-width:760px}
    .two{grid-template-columns:repeat(2,minmax(0,1fr))}.two article{grid-template-rows:subgrid}
    .two .guarantees tbody th{width:8em}.two .guarantees .answer{width:8em}}
    @media (max-width:560px){main{padding:28px 14px 40px;gap:16px}.trees,article,.charts{gap:16px}h1{font-size:25px}\
    .card{padding:16px}.picture{padding:4px}
    .guarantees tr{display:grid;grid-template-columns:1fr auto;padding:11px 0;border-top:1px solid var(--line)}
    .guarantees tr:first-child{border-top:0;padding-top:0}
    .guarantees tbody tr>*{border:0;padding:0;width:auto}.guarantees .why{grid-column:1/-1}
    .changes th,.changes td{padding-right:10px;font-size:14px}
    .changes{table-layout:fixed}
    .changes th,.changes tbody th{width:27%}.changes td:last-child,.changes th:last-child{width:25%}
    .changes .symbol{width:1.2em}
    .md-chart svg:not(.key){font-size:17px}}
    @media print{body{background:none;font-size:10.5pt}main{padding:0;max-width:none}\
    main,.trees,article,.charts{display:block}.card,header{margin-bottom:14pt}.name{margin:0 4px 8pt;break-after:avoid}\
    .card{break-inside:avoid}h2{break-after:avoid}.md-chart svg:not(.key){max-width:125mm;font-size:12.5px}\
    .picture svg{min-width:0!important}}

    """
}
