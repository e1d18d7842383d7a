let isReloading = false;

/** Whether the page reloads by itself: what is typed is kept as a draft then, nobody need be asked. */
export function reloading(): boolean {
  return isReloading;
}

/** Takes the newest build of the page. Forms keep their drafts when the page is hidden. */
export function reloadPage() {
  if (isReloading) return;
  isReloading = true;
  window.location.reload();
}
