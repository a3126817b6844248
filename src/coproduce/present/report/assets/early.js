// Before the first paint: the reader's choice of light or dark, so that the page does not flash.
try {
  const chosen = localStorage.getItem('coproduce-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch { /* storage is closed to this file: the system's choice holds */ }
