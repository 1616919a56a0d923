/** One sheet for screen and paper. Colours are those of public-administration sites; contrast at least 4.5:1. */
export const STYLE = `
:root{--blue:#0066cc;--ink:#17324d;--soft:#455a70;--line:#d5dde5;--pale:#eef5fc}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;color:var(--ink);background:#fff;font:400 1.0625rem/1.55 'Titillium Web',system-ui,sans-serif}
.issuer{background:var(--blue);color:#fff}
.issuer div,main,footer div{max-width:60rem;margin:0 auto;padding:0 1.5rem}
.issuer div{padding-block:1.1rem;display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap}
.issuer b{font-size:1.5rem;letter-spacing:.01em}
h1{font-size:clamp(2rem,5vw,2.9rem);line-height:1.1;margin:2.6rem 0 .5rem;letter-spacing:-.01em}
.subtitle{color:var(--soft);font-size:1.125rem;margin:0 0 1.6rem;max-width:44rem}
h2{font-size:1.6rem;line-height:1.2;margin:3.2rem 0 .8rem;padding-top:1rem;border-top:3px solid var(--blue)}
h3{font-size:1.15rem;margin:1.9rem 0 .4rem}
p{margin:.6rem 0;max-width:46rem}
.muted{color:var(--soft)}
.strong{font-weight:600}
.code{font-family:ui-monospace,'DejaVu Sans Mono',Consolas,monospace;font-size:.8em;overflow-wrap:anywhere}
pre.code{white-space:pre-wrap;background:#f5f7fa;border:1px solid var(--line);padding:.8rem 1rem;line-height:1.5}
.answer{background:var(--pale);border-left:6px solid var(--blue);padding:1.3rem 1.5rem;margin:1.6rem 0}
.answer>p{font-size:1.3rem;line-height:1.4;font-weight:600;margin:0;max-width:none}
.figures{display:flex;flex-wrap:wrap;gap:.6rem 2.6rem;margin:1.1rem 0 0;padding:0;list-style:none}
.figures b{display:block;font-size:2.1rem;line-height:1.1;color:var(--blue);font-weight:700}
.figures span{color:var(--soft)}
dl{display:grid;grid-template-columns:minmax(9rem,15rem) 1fr;margin:1rem 0;border-top:1px solid var(--line)}
dt,dd{margin:0;padding:.5rem 0;border-bottom:1px solid var(--line)}
dt{color:var(--soft);padding-right:1.2rem}
dd p,td p{margin:0 0 .1rem;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse;margin:1.2rem 0;font-size:.97rem;table-layout:fixed}
caption{text-align:left;font-weight:600;padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.55rem .9rem .55rem 0;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--ink);font-weight:600;vertical-align:bottom}
th.end,td.end{text-align:right;padding-right:1.8rem}
figure{margin:1.6rem 0}
figcaption{font-weight:600;margin-bottom:.5rem}
.bars{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem;align-items:center;margin:0;padding:0;list-style:none}
.bars li{display:contents}
.bars span{color:var(--soft)}
.bars i{display:flex;align-items:center;gap:.5rem;font-style:normal}
.bars i::before{content:'';height:.95rem;width:calc(var(--part)*84%);background:var(--blue);min-width:1px}
nav{margin:2.2rem 0 0}
nav ol{margin:.3rem 0;padding-left:1.4rem;columns:2 16rem}
a{color:var(--blue)}
a:focus-visible{outline:3px solid #ff9900;outline-offset:2px}
.rights{padding-left:0;list-style:none}
.rights li{margin:.7rem 0;max-width:46rem}
footer{margin-top:4rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}
footer div{padding-block:1.2rem 2rem}
@media (max-width:44rem){
 dl{grid-template-columns:1fr}dt{border-bottom:0;padding-bottom:0}dd{padding-top:0}
 table,tbody,tr,td{display:block}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
 tr{border-bottom:2px solid var(--line);padding:.4rem 0}td,td.end{border:0;padding:.25rem 0;text-align:left}
 td::before{content:attr(data-title);display:block;color:var(--soft);font-size:.85rem}
}
@media print{
 @page{size:A4;margin:16mm 15mm 18mm}
 html{font-size:8.7pt}nav{display:none}
 .issuer div,main,footer div{max-width:none;padding-inline:0}
 .issuer{border-bottom:4px solid var(--blue);background:none;color:var(--ink)}
 h1{font-size:24pt;margin-top:8mm}h2{font-size:15pt;break-after:avoid}h3,caption{break-after:avoid}
 tr,dl>*,figure,.answer{break-inside:avoid}thead{display:table-header-group}
 .bars i::before,.answer{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}`
