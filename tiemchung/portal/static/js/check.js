// The camera needs a script, so that its box shows only where one runs.
document.getElementById("quet").hidden = false;
