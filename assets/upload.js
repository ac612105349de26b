/* Sending a file: how far it is, what is to mend, and the file still chosen. Never needed: the form works without.
   Fetches nothing but our own addresses, keeps nothing in the browser. */
(function () {
  "use strict";

  const {words, say, save, signIn} = window.dashboard;
  const form = document.querySelector("form[data-upload]");
  if (!form) { return; }
  const input = form.querySelector("input[type=file]");
  const field = input.closest(".field");
  const progress = form.querySelector("[data-progress]");
  const result = document.getElementById("upload-result");
  const button = form.querySelector("[type=submit]");
  let queue = 0;

  // Of many templates, those of the dataset that is chosen, with the codes of the organisation that is.
  const dataset = form.querySelector("#dataset");
  const offer = () => {
    for (const entry of form.querySelectorAll("[data-template]")) { entry.hidden = entry.dataset.template !== dataset.value; }
  };
  dataset.addEventListener("change", offer);
  offer();
  const organisation = form.querySelector("#organisation");
  const address = () => {
    for (const link of form.querySelectorAll("a[data-own]")) {
      const there = new URL(link.href);
      there.searchParams.set("organisation", organisation.value);
      link.href = there.pathname + there.search;
    }
  };
  organisation.addEventListener("change", address);

  // Until when a file of the chosen quarter is on time.
  const period = form.querySelector("#period");
  period.addEventListener("change", () => {
    for (const due of form.querySelectorAll("[data-due]")) {
      due.textContent = JSON.parse(due.dataset.due)[period.value] || "";
    }
  });

  function add(parent, tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    parent.append(element);
    return element;
  }

  const hint = add(field, "p", "hint drop-hint", words.drop);
  hint.setAttribute("role", "status");
  const chosen = () => {
    hint.textContent = input.files.length ? say(words.dropped, {name: input.files[0].name}) : words.drop;
  };
  input.addEventListener("change", chosen);
  for (const name of ["dragenter", "dragover"]) {
    field.addEventListener(name, (event) => {
      event.preventDefault();
      field.classList.add("dropping");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    field.addEventListener(name, () => field.classList.remove("dropping"));
  }
  field.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      chosen();
    }
  });

  const bar = document.createElement("progress");
  bar.max = 100;
  bar.setAttribute("aria-label", words.checking);
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  // Seconds move on the screen only: read out one by one they would drown the page.
  const seconds = document.createElement("span");
  seconds.setAttribute("aria-hidden", "true");
  progress.append(bar, told, " ", seconds);
  let begun = 0;
  let percent = 0;
  let clock = 0;

  function tell(share, sentence) {
    progress.hidden = false;
    if (share === null) { bar.removeAttribute("value"); } else { bar.value = share; }
    told.textContent = sentence;
  }

  function count() {
    const passed = Math.floor((Date.now() - begun) / 1000);
    seconds.textContent = passed < 2 ? "" : "(" + say(words.taking, {seconds: passed}) + ")";
  }

  function finished() {
    clearInterval(queue);
    clearInterval(clock);
    progress.hidden = true;
    button.disabled = false;
  }

  function problem(sentence, kept = []) {
    result.replaceChildren();
    const box = add(result, "div", "error-summary", "");
    result.append(...kept);
    box.tabIndex = -1;
    box.setAttribute("role", "alert");
    add(box, "p", "", sentence);
    box.focus();
  }

  /* A file that was saved anew since it was chosen cannot be read any more: sending it would look like a lost line. */
  async function readable() {
    try {
      if (input.files.length) { await input.files[0].slice(0, 1).arrayBuffer(); }
      return true;
    } catch {
      input.value = "";
      chosen();
      problem(words.changed, result.querySelectorAll(":scope > :not(.error-summary)")); // the list is needed yet
      return false;
    }
  }

  async function ask(data, kind, answered) {
    button.disabled = true; // while the file is looked at, a second press would send it twice
    const there = await readable();
    button.disabled = false;
    if (!there) { return; }
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action"));
    request.responseType = kind;
    request.setRequestHeader("Accept", "text/html");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) { return; }
      percent = Math.floor(event.loaded / event.total * 100);
      tell(percent, say(words.sending, {percent: percent}));
    });
    let arrived = false;
    request.upload.addEventListener("load", () => {
      arrived = true;
      tell(null, words.checking);
      queue = setInterval(async () => {
        try {
          const waiting = (await (await fetch("/queue", {cache: "no-store"})).json()).waiting;
          if (waiting > 0) { told.textContent = say(words.waiting, {count: waiting}); }
        } catch { /* the answer itself will tell */ }
      }, 2000);
    });
    for (const name of ["error", "abort", "timeout"]) {
      request.addEventListener(name, () => {
        finished();
        problem(arrived ? words.unanswered : say(words.broken, {percent: percent}));
      });
    }
    request.addEventListener("load", () => {
      finished();
      if (request.status === 401) { signIn(); } else { answered(request); }
    });
    button.disabled = true;
    begun = Date.now();
    percent = 0;
    count();
    clock = setInterval(count, 1000);
    tell(0, say(words.sending, {percent: 0}));
    request.send(data);
  }

  /* The file with its problems marked: beside a list of them that stands already, or instead of it. */
  function marked(listed) {
    const data = new FormData(form);
    data.set("marked", "1");
    ask(data, "blob", async (request) => {
      if ((request.getResponseHeader("Content-Type") || "").startsWith("text/csv")) {
        const named = /filename=([\w.-]+)/.exec(request.getResponseHeader("Content-Disposition") || "");
        save(request.response, named ? named[1] : "problems-marked.csv");
        if (!listed) { problem(say(words.given, {count: request.getResponseHeader("X-Problems")})); }
      } else if (listed) {
        problem(words.refused);
      } else {
        show(request, await request.response.text());
      }
    });
  }

  function show(request, text) {
    if (request.status === 200 && new URL(request.responseURL).pathname.startsWith("/submission")) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const found = page.querySelectorAll("#upload-result > *, main > .error-summary");
    if (!found.length) {
      const sentence = page.querySelector("main .answer");
      problem(sentence ? sentence.textContent : words.refused);
      return;
    }
    result.replaceChildren(...Array.from(found, (node) => document.importNode(node, true)));
    for (const old of document.querySelectorAll("main > .error-summary")) { old.remove(); }
    if (result.querySelector("[data-verdict='problems']")) { // of a refused file nothing goes back
      const again = add(result, "button", "button quiet", words.marked);
      again.type = "button";
      again.addEventListener("click", () => marked(true));
    }
    const summary = result.querySelector(".error-summary");
    if (summary) {
      summary.tabIndex = -1;
      summary.focus();
      summary.scrollIntoView({block: "start"});
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.elements.marked.checked) {
      marked(false);
    } else {
      ask(new FormData(form), "text", (request) => show(request, request.response));
    }
  });
})();
