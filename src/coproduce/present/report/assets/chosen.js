// A sign of the matrix, by pointer, Enter or address (#verdicts/e3), shows the evidence beneath it.
function showProof(part, place) {
  if (part !== 'verdicts') return;
  for (const proof of document.querySelectorAll('[data-proof]')) proof.classList.toggle('chosen', proof.dataset.proof === place);
  for (const link of document.querySelectorAll('td.verdict a')) {
    if (link.hash === `#verdicts/${place}`) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}
openListeners.push(showProof);
