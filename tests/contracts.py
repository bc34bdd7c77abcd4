"""An import contract that names what a module may import at most."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain import helpers


class OnlyContract(Contract):
    """The modules import nothing but what is allowed, of this project, the standard library or others."""

    type_name = "only"

    modules = fields.ListField(subfield=fields.ModuleExpressionField())
    allowed = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Finds the imports beyond the allowed ones."""
        modules = helpers.module_expressions_to_modules(graph, self.modules, as_packages=False)
        beyond = [
            (module.name, imported)
            for module in sorted(modules, key=lambda module: module.name)
            for imported in sorted(graph.find_modules_directly_imported_by(module.name))
            if imported not in self.allowed
        ]
        return ContractCheck(kept=not beyond, metadata={"beyond": beyond})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Names each import."""
        for module, imported in check.metadata["beyond"]:
            output.print_error(f"{module} must not import {imported}")
