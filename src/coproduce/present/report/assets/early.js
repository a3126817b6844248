// Before the first paint: tabs instead of one long page, and the reader's choice of light or dark, so that the page does not flash.
document.documentElement.classList.add('tabbed');
try {
  const chosen = localStorage.getItem('coproduce-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch { /* storage is closed to this file: the system's choice holds */ }
