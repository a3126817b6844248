// Light and dark: the reader's choice, else the system's; charts are told when it changes.
const THEMES = ['auto', 'light', 'dark'];
const themeListeners = [];

function currentTheme() {
  return document.documentElement.dataset.theme || 'auto';
}

function setTheme(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'auto') localStorage.removeItem('coproduce-theme');
    else localStorage.setItem('coproduce-theme', theme);
  } catch { /* the choice lasts until the page is closed */ }
  showTheme();
  themeListeners.forEach((listen) => listen());
}

function showTheme() {
  const button = document.getElementById('theme');
  const name = { auto: 'Auto', light: 'Light', dark: 'Dark' }[currentTheme()];
  button.textContent = `Theme: ${name}`;
}

function startTheme() {
  document.getElementById('theme').addEventListener('click', () =>
    setTheme(THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length]));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => themeListeners.forEach((listen) => listen()));
  showTheme();
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
