import { legendStyle, MONO, pageColours, SANS } from "./theme.ts";

/** The page's style. Charts have theirs apart, since it goes into saved pictures. */
export const pageStyle = `${pageColours}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 ${SANS};-webkit-text-size-adjust:100%}
main,footer{max-width:1248px;margin:0 auto;padding:20px 24px}
h1{font-size:clamp(22px,6.2vw,34px);line-height:1.22;margin:4px 0 12px;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:25px;letter-spacing:-.01em;margin:52px 0 2px}
h3{font-size:16px;margin:0 0 2px}
p{margin:0 0 10px}
a{color:inherit}
.muted{color:var(--muted)}
.small{font-size:14px}
svg.chart{display:block;width:100%;height:auto;overflow:visible}
.card{background:var(--card);border:1px solid var(--grid);border-radius:14px;padding:20px;min-width:0}
#first .card{padding:0;overflow:hidden}
#first .narrow{display:none;padding:14px}
.bar{display:flex;gap:10px;align-items:center;flex-wrap:wrap;margin-top:12px}
button{font:600 14px/1 ${SANS};color:var(--text);background:var(--card);border:1px solid var(--line);border-radius:9px;padding:11px 15px;cursor:pointer}
button:hover{border-color:var(--muted)}
button.main{background:var(--tickcast);border-color:var(--tickcast);color:var(--card)}
code,pre{font-family:${MONO};font-size:13.5px}
pre{margin:0;padding:11px 14px;background:var(--card);border:1px solid var(--grid);border-radius:9px;overflow-x:auto;flex:1 1 340px;min-width:0}
.charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:18px;margin-top:14px}
.wide{grid-column:1/-1}
.legend{display:flex;flex-wrap:wrap;gap:6px 8px;margin:12px 0 0;padding:0;list-style:none}
.key{display:inline-flex;align-items:center;gap:8px;font-size:14px;padding:3px 11px 3px 9px;border:1px solid var(--grid);border-radius:99px;background:var(--card);cursor:default;--c:var(--muted)}
.key i{display:inline-block;width:20px;border-top:3px solid var(--c)}
${legendStyle}
.dim{opacity:.13}
.series{transition:opacity .12s}
.choice{border:0;margin:0 0 8px;padding:0;display:flex;gap:6px;flex-wrap:wrap}
.choice label{font-size:14px;padding:2px 11px;border:1px solid var(--grid);border-radius:99px;cursor:pointer}
.choice input{position:absolute;opacity:0}
.choice label:has(:checked){border-color:var(--tickcast);color:var(--tickcast);font-weight:600}
.choice label:has(:focus-visible){outline:2px solid var(--tickcast)}
.narrow-note{margin:8px 0 0}
.scroll{overflow-x:auto;margin:8px 0 4px}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:6px 12px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--grid)}
th{font-weight:600;color:var(--muted);white-space:normal;vertical-align:bottom;line-height:1.25}
th:first-child,td:first-child{text-align:left;padding-left:0}
tr.ours td{font-weight:650}
tr.failed td:first-child{color:var(--bad)}
details{margin-top:14px}
details>summary{cursor:pointer}
.mark{display:block;margin:5px 0;font-size:14px;padding-left:23px;text-indent:-23px}
.mark b{display:inline-block;width:23px;text-indent:0}
.bad b{color:var(--bad)}
.warn b{color:var(--warn)}
.good b{color:var(--tickcast)}
.step{margin-top:26px}
.step pre{font-size:12.5px;padding:8px 12px;margin-top:6px}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 18px;margin:12px 0;font-size:14.5px}
dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
#tip{position:fixed;z-index:9;pointer-events:none;background:var(--text);color:var(--page);font-size:13px;padding:5px 9px;border-radius:7px;max-width:260px;opacity:0;transition:opacity .1s}
#tip.on{opacity:1}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:760px){
main,footer{padding:14px 16px}
.charts{grid-template-columns:minmax(0,1fr);gap:14px}
#first .narrow{display:block}
#first .wide-card{display:none}
.card{padding:14px}
.wide .scroll svg.chart{min-width:640px}
h2{margin-top:40px}
}
@media (min-width:761px){.narrow-note{display:none}#first h1{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}
@media print{button,.choice{display:none}}`;
