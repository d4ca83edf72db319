/* show.h - graphs for people: as dg text, and as a drawing. */
#ifndef GRADC_SHOW_H
#define GRADC_SHOW_H

#include "model.h"

/* All functions of the model as a dg file: parameters, one statement a node, the outputs returned.
 * It compiles again to the same numbers. */
void show_model(const Model *, Text *out);
/* One function's graph in the same form: the text of --dump. */
void show_function(const Function *, Text *out);
/* The functions' graphs for Graphviz: the model's own nodes in one colour, those of derivatives in
 * another; loops as clusters. */
void show_dot(const Model *, Text *out);

#endif
