/* A page that answers what was sent stands in the history as the page of before: anyone who goes back to it or loads it anew is
   asked for no second sending. */
window.history.replaceState(null, "", document.body.dataset.instead + window.location.hash);
