// The little of a browser that modules ask for when they are loaded; the tests
// here are of logic, what people see is tested in a real browser (e2e/).
const media = { matches: false, addEventListener() {}, removeEventListener() {} };
Object.assign(globalThis, {
  window: Object.assign(globalThis, { matchMedia: () => media }),
});
Object.defineProperty(globalThis, 'navigator', { value: { language: 'zh-CN' }, configurable: true });
