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

  // What the page will ask for is asked for now, while its scripts are on their way.
  var early = document.querySelector('meta[name="guanxi-early"]');
  var files = early ? JSON.parse(early.content) : {};
  var isList = /^\/(?!settings\/)[a-z_]+\/[a-z_0-9]+\/?$/.test(location.pathname);
  function bring(file) {
    var link = document.createElement('link');
    link.rel = 'modulepreload';
    link.crossOrigin = '';
    link.href = file;
    document.head.appendChild(link);
  }
  function nothing() {}
  // A server that is not reached is asked again by the page, which says so.
  function ask(address) {
    var request = { headers: { 'Accept-Language': root.lang }, credentials: 'same-origin' };
    return fetch(address, request).then(null, nothing);
  }
  (files[root.lang] || []).concat((isList && files.list) || []).forEach(bring);
  if (kept('guanxi.member')) {
    root.setAttribute('data-member', '');
    window.guanxiEarly = { session: ask('/api/v1/session'), meta: ask('/api/v1/meta') };
  }
})();
