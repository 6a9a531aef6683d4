"""How a page looks: on a screen of any width, light or dark, and on paper."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #b8b8b8; --band: #f2f2f2;
  --red: #8f1010; --red-paper: #fde5e5; --amber: #6b4300; --amber-paper: #fff0cc;
  --green: #0f5223; --green-paper: #e2f4e6; --grey: #454545; --grey-paper: #e8e8e8; }
@media (prefers-color-scheme: dark) { :root { --ink: #ededed; --paper: #161616; --line: #5c5c5c; --band: #242424;
  --red: #ffb4b4; --red-paper: #561414; --amber: #ffd98a; --amber-paper: #4a3200;
  --green: #a9e8b8; --green-paper: #123d1e; --grey: #d6d6d6; --grey-paper: #3a3a3a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.4 system-ui, sans-serif; }
main { padding: 1rem; }
h1, h2 { font-size: 1.4rem; line-height: 1.25; font-weight: 700; text-align: left; margin: 0 0 .6rem; }
h2 { font-size: 1.15rem; margin-top: 1.4rem; }
caption { text-align: left; }
caption :is(h1, h2) { display: inline-block; position: sticky; left: 0; max-width: calc(100vw - 2rem); }
.paper { display: none; }
.note { border-left: .3rem solid var(--line); margin: 0 0 .75rem; padding: .25rem .75rem; }
.footer { font-weight: 600; }
.table { overflow-x: auto; max-width: 100%; }
.table:focus-visible, pre:focus-visible { outline: .2rem solid var(--ink); outline-offset: .2rem; }
table { border-collapse: separate; border-spacing: 0; font-size: .9rem; width: max-content; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top;
  white-space: pre-wrap; overflow-wrap: break-word; max-width: 26rem; }
thead th { background: var(--band); vertical-align: bottom; white-space: nowrap; }
tbody th { font-weight: 600; }
th[scope="row"], thead th.row { position: sticky; left: 0; background: var(--paper); z-index: 1; white-space: nowrap; }
thead th.row { background: var(--band); }
tbody tr:nth-child(even) :is(td, th) { background: var(--band); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.day { white-space: nowrap; font-variant-numeric: tabular-nums; }
.word { white-space: nowrap; }
.word span { display: inline-block; border: 1px solid currentColor; border-radius: .2rem; padding: 0 .4rem;
  font-weight: 700; }
.red { color: var(--red); background: var(--red-paper); }
.amber { color: var(--amber); background: var(--amber-paper); }
.green { color: var(--green); background: var(--green-paper); }
.grey { color: var(--grey); background: var(--grey-paper); }
nav ul { columns: 18rem; padding-left: 1.2rem; margin: .5rem 0 1rem; } nav a { color: inherit; }
h3 { font-size: 1rem; line-height: 1.25; text-align: left; margin: .8rem 0 .4rem; }
caption h3 { display: inline-block; position: sticky; left: 0; max-width: calc(100vw - 2rem); }
section > ul { max-width: 60rem; padding-left: 1.2rem; margin: .4rem 0; } li { margin: .2rem 0; }
p, li, figcaption { overflow-wrap: anywhere; }
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem 2.5rem; align-items: flex-start; }
figure { margin: 0; width: 30rem; max-width: 100%; } figcaption { font-weight: 700; margin-bottom: .4rem; }
svg { display: block; width: 100%; height: auto; font: 15px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .small { font-size: 13px; } svg .end { text-anchor: end; }
svg .middle { text-anchor: middle; } svg .ink { fill: var(--ink); opacity: .72; }
svg .rule { stroke: var(--line); stroke-width: 1; } svg .axis { stroke: var(--ink); stroke-width: 1; }
svg .target { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 6 4; }
summary { cursor: pointer; } summary:focus-visible { outline: .2rem solid var(--ink); }
pre { font: .9rem/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 40rem) { main { padding: .75rem; } h1 { font-size: 1.2rem; } h2 { font-size: 1.05rem; }
  th, td { padding: .3rem .45rem; max-width: 15rem; } }
@page { size: A4 landscape; margin: 10mm; }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --line: #777; --band: #fff;
    --red: #8f1010; --red-paper: #fff; --amber: #6b4300; --amber-paper: #fff; --green: #0f5223; --green-paper: #fff;
    --grey: #333; --grey-paper: #fff; }
  body { font-size: 9pt; } h1 { font-size: 14pt; } h2 { font-size: 11pt; } caption :is(h1, h2) { max-width: none; }
  main { padding: 0; } .table { overflow: visible; } table { font-size: 7pt; width: 100%; }
  th, td { padding: .5mm .8mm; min-width: 0; max-width: none; } .more { display: none; }
  .paper { display: block; font-size: 7pt; }
  .word span { border: 0; padding: 0; } nav, details { display: none; } figure { width: 125mm; break-inside: avoid; }
  h3 { font-size: 10pt; } section { break-inside: auto; } h2, h3 { break-after: avoid; }
  thead th { white-space: normal; } thead { display: table-header-group; }
  tr { break-inside: avoid; } th[scope="row"], thead th.row { position: static; } }
"""
"""The one style of every page."""
