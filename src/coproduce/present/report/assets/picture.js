// Downloads of charts as pictures, with their subject, finding and unit.
const PICTURE_SCALE = 2;
const STYLES = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-linejoin', 'paint-order', 'font-size', 'font-weight', 'font-family', 'display'];

// What style sheets say is written into the copy: a picture has no style sheet.
function inlined(svg) {
  const copy = svg.cloneNode(true);
  const from = [svg, ...svg.querySelectorAll('*')], to = [copy, ...copy.querySelectorAll('*')];
  from.forEach((one, place) => {
    const style = getComputedStyle(one);
    for (const name of STYLES) to[place].style.setProperty(name, style.getPropertyValue(name));
  });
  return copy;
}

function wrappedWords(text, letters) {
  const lines = [''];
  for (const word of text.split(/ +/)) {
    if (lines.at(-1) && lines.at(-1).length + word.length >= letters) lines.push('');
    lines[lines.length - 1] += (lines.at(-1) ? ' ' : '') + word;
  }
  return lines;
}

// The picture: subject, finding and unit above the drawing.
function pictureOf(drawing, width, height, words) {
  const space = 'http://www.w3.org/2000/svg';
  const made = (tag, attributes, ...children) => {
    const one = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    one.append(...children);
    return one;
  };
  const letters = Math.max(20, Math.floor((width - 32) / 8.4));
  const lines = [
    ...wrappedWords(words.subject, letters).map((text) => [text, 13, 400, 'muted']),
    ...wrappedWords(words.finding, letters).map((text) => [text, 16, 600, 'text']),
    ...wrappedWords(words.unit, letters).map((text) => [text, 13, 400, 'muted']),
  ].filter(([text]) => text);
  const head = 24 + 22 * lines.length;
  const root = made('svg', { width: width + 32, height: height + head + 16, viewBox: `0 0 ${width + 32} ${height + head + 16}`, 'font-family': 'Arial, sans-serif' },
    made('rect', { width: '100%', height: '100%', fill: colour('surface') }),
    ...lines.map(([text, size, weight, shade], place) => made('text', { x: 16, y: 28 + 22 * place, 'font-size': size, 'font-weight': weight, fill: colour(shade) }, text)));
  drawing.setAttribute('x', 16);
  drawing.setAttribute('y', head);
  drawing.setAttribute('width', width);
  drawing.setAttribute('height', height);
  root.append(drawing);
  return { text: new XMLSerializer().serializeToString(root), width: width + 32, height: height + head + 16 };
}

function save(blob, name) {
  const link = element('a', { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function savePicture(picture, name, kind) {
  if (kind === 'svg') { save(new Blob([picture.text], { type: 'image/svg+xml' }), `${DATA.file}-${name}.svg`); return; }
  const image = new Image();
  image.addEventListener('load', () => {
    const canvas = element('canvas', { width: picture.width * PICTURE_SCALE, height: picture.height * PICTURE_SCALE });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(blob, `${DATA.file}-${name}.png`), 'image/png');
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.text)}`;
}

// Gives the picture buttons of a figure their work; `drawn` returns the drawing with its width, height and words.
function startPictures(figure, name, drawn) {
  for (const kind of ['png', 'svg']) {
    const button = figure.querySelector(`[data-part="${kind}-button"]`);
    button.addEventListener('click', () => {
      const { svg, width, height, words } = drawn();
      savePicture(pictureOf(svg, width, height, words), name, kind);
    });
  }
}
