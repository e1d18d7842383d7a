// Runs before anything is painted, in any browser: sends browsers below the
// baseline to a plain page, and sets theme, density, size of letters and language so that the
// first paint is already right. Kept outside the bundle and in the syntax of 2009:
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
})();
