// The words of Tabler that our templates may use. What is not here is not shipped:
// add a word, run build.mjs, look at the size it prints (limit in tests/views/test_assets.py).
const tones = "primary|secondary|success|danger|warning|red|green|yellow|blue|azure|orange";

export const words = [
  /^(active|disabled|show|collapse|collapsed|small|lead|icon|icon-(sm|md|lg|inline)|hr-text|vr|h[1-6]|is-invalid|is-valid|list-unstyled|list-inline|list-inline-item|mark|row|col|invalid-feedback|valid-feedback|required)$/,
  new RegExp(`^btn($|-(sm|lg|link|icon|list|group|close|action|outline-(${tones})|ghost-(${tones})|loading|${tones})$)`),
  /^card($|-(body|header|footer|title|subtitle|table|sm|md|lg|actions|link|active|borderless)$)/,
  /^table($|-(sm|vcenter|responsive|hover|striped|bordered|borderless|active|nowrap|success|danger|warning|light)$)/, /^caption-top$/,
  /^form-(control|select|check|label|hint|text|fieldset|help|file|switch|selectgroup|footer)/, /^input-(group|icon)/, /^col-form-label/,
  /^(row-(cards|deck)|col-(auto|\d+)|col-(sm|md|lg|xl)(-(auto|\d+))?|g[xy]?-[0-5]|container(-fluid|-xl|-narrow|-tight)?|row-cols-((md|lg)-)?\d)$/,
  /^d-((sm|md|lg)-)?(none|inline|inline-block|block|grid|flex|inline-flex)$|^d-print-(none|block|flex)$/,
  /^flex-((md|lg)-)?(row|column|fill|wrap|nowrap|grow-[01]|shrink-[01])$/,
  /^(justify-content|align-items|align-self)-((md|lg)-)?(start|end|center|between|around|evenly|baseline|stretch)$/,
  /^align-(baseline|top|middle|bottom)$/, /^order-((md|lg)-)?(first|last|\d)$/, /^(gap|row-gap|column-gap)-[0-5]$/,
  /^[mp][xytbse]?-((md|lg)-)?([0-5]|auto)$/, /^text-((md|lg)-)?(start|center|end)$/,
  new RegExp(`^(text|bg)-(muted|body|reset|nowrap|wrap|break|truncate|uppercase|white|light|transparent|surface|surface-secondary|${tones})(-lt|-fg)?$`),
  /^(fw|fst|lh|fs)-/, /^(w|h|mw|mh)-/, /^border($|-(0|top|bottom|start|end|top-0|bottom-0|dashed))$/, /^rounded($|-[0-5]$|-(circle|pill|top|bottom))/, /^shadow($|-(none|sm|lg))$/,
  /^list-group($|-(flush|item|item-action|hoverable|numbered|header)$)/, /^nav($|-(item|link|tabs|pills|fill|segmented|bordered|underline|sm)$)/, /^tab-(content|pane)$/,
  /^dropdown($|-(menu|item|divider|header)$)/, /^alert($|-(success|info|warning|danger|important|dismissible|title|icon|link|heading|description)$)/,
  new RegExp(`^badge($|-(${tones}|sm|outline|pill)$)`), /^breadcrumb($|-)/, /^(pagination|page-(item|link|title|header|body|pretitle|subtitle))($|-)/, /^progress($|-(bar|sm)$)/,
  /^datagrid/, /^empty/, /^steps($|-(counter|vertical)$)/, /^step-item$/, /^accordion($|-(item|header|body|button|flush|collapse)$)/, /^avatar($|-(xs|sm|md|lg)$)/,
  /^divide-y/, /^callout/, /^visually-hidden/, /^spinner-border(-sm)?$/, /^sticky-(top|bottom)$/, /^overflow-/, /^position-(relative|absolute|sticky|static)$/,
  /^font-monospace$/, /^tabular-nums$/, /^subheader$/, /^float-(start|end)$/, /^stretched-link$/,
];

// Elements that stand for themselves, in Tabler's base rules.
export const elements = "html body main header footer nav aside section h1 h2 h3 h4 h5 h6 p a ul ol li dl dt dd table thead tbody tfoot tr th td caption form fieldset legend label input select optgroup option textarea button details summary dialog progress img svg small b strong em del ins kbd code pre hr sub sup blockquote figure output time abbr mark";
