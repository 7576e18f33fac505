// The looks of every page, in light and in dark; a table becomes a list of cards where the screen is narrow.
import { Markup } from './escaped-html.ts'

const COLOURS = `
:root{color-scheme:light dark;--page:#f2f4f8;--card:#fff;--text:#18212d;--soft:#526070;--line:#dfe4ec;--control:#6a7789;
--chosen:#eef4ff;--ring:#0b55bd;--action:#0b55bd;--on-action:#fff;--action-hover:#094799;--yes:#14692f;--no:#b3261e;
--calm:#fff4d6;--calm-text:#5c4100;--paid:#dff3e4;--paid-text:#14562a;--waiting:#fff1cf;--waiting-text:#5c4100;--closed:#e8ecf2;--closed-text:#3d4957}
@media(prefers-color-scheme:dark){:root{--page:#10151c;--card:#1b232e;--text:#e7ecf3;--soft:#a8b4c3;--line:#323d4c;--control:#8593a6;
--chosen:#22314a;--ring:#9cc3ff;--action:#9cc3ff;--on-action:#0d1a2d;--action-hover:#b9d4ff;--yes:#7fd79a;--no:#ff9089;
--calm:#332a10;--calm-text:#ffe3a3;--paid:#173a23;--paid-text:#a5e8b8;--waiting:#40330f;--waiting-text:#ffe3a3;--closed:#2b3543;--closed-text:#c3cddb}}
`

const PAGE = `
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
header{background:var(--calm);color:var(--calm-text);text-align:center;padding:.6rem 1rem;font-size:.875rem}
header .en{color:inherit}
header p{color:var(--no);font-weight:600;margin:.35rem 0 0}
main{max-width:28rem;margin:0 auto;padding:1rem 1rem 0}
main.wide{max-width:76rem}
footer{color:var(--soft);font-size:.8125rem;text-align:center;padding:0 1rem 1.5rem}
footer .en,a .en,button .en{display:inline;color:inherit;font-size:inherit;font-weight:inherit}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.25rem;margin:0 0 1rem}
h1,h2{font-size:1.125rem;line-height:1.35;margin:0 0 .75rem}
.en{display:block;color:var(--soft);font-size:.8125rem;font-weight:400}
.amount{font-size:min(2.5rem,8vw);font-weight:650;line-height:1.2;text-align:center;margin:.25rem 0 1rem;white-space:nowrap;font-variant-numeric:tabular-nums}
.centred{text-align:center}
p{margin:.75rem 0 0;font-size:.9375rem}
dl{display:grid;grid-template-columns:minmax(6rem,1fr) 2fr;gap:.5rem .75rem;margin:0;font-size:.9375rem}
.wide dl{max-width:26rem;grid-template-columns:auto auto}
dt,dd{border-top:1px solid var(--line);padding-top:.5rem;margin:0}
dt{color:var(--soft);margin-right:-.75rem;padding-right:.75rem}
dd{text-align:right;font-variant-numeric:tabular-nums}
.money,.whole{white-space:nowrap;font-variant-numeric:tabular-nums}
dt:has(+.long),.long{grid-column:1/-1}
dt:has(+.long){margin-right:0;padding-right:0}
dt:has(+.long) .en{display:inline}
dd.long{border-top:0;padding-top:0;margin-top:-.5rem;font-size:.875rem}
dd time{display:block}
.mark{display:block;width:3.5rem;height:3.5rem;margin:0 auto .5rem}
.mark.yes{color:var(--yes)}.mark.no{color:var(--no)}
.next{border:2px solid var(--yes);border-radius:10px;padding:.75rem;margin:1rem 0 0;text-align:center;font-weight:600}
`

const FORMS = `
fieldset{border:0;margin:0;padding:0}
legend{font-size:1.125rem;line-height:1.35;font-weight:700;padding:0;margin:0 0 .75rem}
legend h1{margin:0}
label.choice{cursor:pointer;display:flex;gap:.75rem;align-items:center;padding:.75rem;border:1px solid var(--control);border-radius:10px;margin:0 0 .5rem}
label.choice:has(:checked){border-color:var(--action);background:var(--chosen)}
input{accent-color:var(--action);font:inherit}
input[type=text]{display:block;width:100%;padding:.7rem;margin-top:.25rem;border:1px solid var(--control);border-radius:10px;background:var(--card);color:var(--text);font-variant-numeric:tabular-nums;text-align:right}
button,a.button{display:block;width:100%;border:0;border-radius:10px;background:var(--action);color:var(--on-action);font:inherit;font-weight:600;padding:.85rem;margin-top:1rem;text-align:center;text-decoration:none;cursor:pointer}
button:hover,a.button:hover,td a.button:hover{background:var(--action-hover)}
button:focus-visible,a:focus-visible,input[type=text]:focus-visible,label.choice:has(:focus-visible){outline:3px solid var(--ring);outline-offset:3px}
label.choice input{outline:none}
a{color:var(--ring);border-radius:2px}
a.quiet{display:block;text-align:center;margin-top:1rem;padding:.25rem}a.quiet .en{display:block;font-size:.8125rem}
`

const TABLES = `
table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{text-align:left;padding:.5rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:500;vertical-align:bottom}
th .en{white-space:nowrap}
tbody tr:last-child td{border-bottom:0}
td:first-child{font-weight:600;min-width:9rem}
th.right,td.right{text-align:right}
td .label{display:none}
.badge{display:inline-block;border-radius:6px;padding:.05rem .45rem;white-space:nowrap;background:var(--closed);color:var(--closed-text)}
.badge .en{display:inline;color:inherit;font-size:.75rem}
.badge.paid{background:var(--paid);color:var(--paid-text)}.badge.waiting{background:var(--waiting);color:var(--waiting-text)}
td a.button{display:inline-block;width:auto;margin:0;padding:.35rem .75rem;border-radius:8px;white-space:nowrap}
td a.button.second{background:none;color:var(--ring);box-shadow:inset 0 0 0 1px var(--control)}
td a.button.second:hover{background:var(--chosen)}
@media(max-width:64rem){thead{display:none}table,tbody,tr,td{display:block}
tr{padding:.75rem 0;border-bottom:1px solid var(--line)}tr:last-child{border-bottom:0;padding-bottom:0}
td,td.right{border:0;padding:.15rem 0;display:flex;flex-wrap:wrap;gap:0 1rem;text-align:right}
td:first-child{text-align:left;font-size:1rem}
td .label{display:block;color:var(--soft)}td .value{margin-left:auto}td .en{display:inline}
td:last-child:not(:first-child) .value:has(a){flex:1}
td a.button{display:block;width:100%;padding:.6rem;margin-top:.4rem}}
`

export const STYLE = new Markup(COLOURS + PAGE + FORMS + TABLES)
