// Runs before anything is painted, in any browser: sends browsers below the
// baseline to a plain page, sets theme, density, size of letters and language so that the
// first paint is already right, and asks for what the page needs first. Kept outside the
// bundle and in the syntax of 2009:
// 360 and QQ browsers in their compatible mode are Internet Explorer.
// biome-ignore lint/complexity/useArrowFunction: Internet Explorer knows no arrows
(function () {
  var root = document.documentElement;
  var fit =
    'noModule' in document.createElement('script') &&
    window.CSS &&
    CSS.supports &&
    CSS.supports('color', 'color-mix(in oklch, red 50%, blue)') &&
    typeof Array.prototype.findLast === 'function';
  if (!fit) {
    location.replace('/old.html');
    return;
  }
  function kept(key) {
    try {
      return localStorage.getItem(key);
    } catch (_) {
      return null;
    }
  }
  var theme = kept('guanxi.theme');
  if (theme !== 'light' && theme !== 'dark') {
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  root.setAttribute('data-theme', theme);
  root.setAttribute('data-density', kept('guanxi.density') || 'normal');
  root.setAttribute('data-size', kept('guanxi.size') || 'normal');
  root.setAttribute('data-trend', kept('guanxi.trend') || 'red');
  root.lang = kept('guanxi.locale') || (/^zh/i.test(navigator.language) ? 'zh-CN' : 'en');

  // What the page will ask for is asked for now, while its scripts are on their way,
  // unless it is known that nobody is signed in here.
  function nothing() {}
  // A server that is not reached is asked again by the page, which says so.
  function ask(address) {
    var request = { headers: { 'Accept-Language': root.lang }, credentials: 'same-origin' };
    return fetch(address, request).then(null, nothing);
  }
  var member = kept('guanxi.member');
  if (member === 'in') root.setAttribute('data-member', '');
  if (member !== 'out') window.guanxiEarly = { session: ask('/api/v1/session'), meta: ask('/api/v1/meta') };
  var early = document.querySelector('meta[name="guanxi-early"]');
  var texts = early ? JSON.parse(early.content)[root.lang] : undefined;
  if (!texts) return;
  var link = document.createElement('link');
  link.rel = 'modulepreload';
  link.crossOrigin = '';
  link.href = texts;
  document.head.appendChild(link);
})();
