// A rule by its name in the specification, and the lists of rules: for documents that are run, and for schemas.

using Crm.GraphQL.Validation.Rules;

namespace Crm.GraphQL.Validation;

/// <param name="Begin">Says to the walk what the rule wants to see.</param>
public sealed record ValidationRule(string Name, Action<Walk> Begin)
{
    /// <summary>Every rule of the specification for documents that are run.</summary>
    public static readonly IReadOnlyList<ValidationRule> Executable =
    [
        new(nameof(ExecutableDefinitionsRule), ExecutableDefinitionsRule.Begin),
        new(nameof(KnownOperationTypesRule), KnownOperationTypesRule.Begin),
        new(nameof(UniqueOperationNamesRule), UniqueOperationNamesRule.Begin),
        new(nameof(LoneAnonymousOperationRule), LoneAnonymousOperationRule.Begin),
        new(nameof(SingleFieldSubscriptionsRule), SingleFieldSubscriptionsRule.Begin),
        new(nameof(KnownTypeNamesRule), KnownTypeNamesRule.Begin),
        new(nameof(FragmentsOnCompositeTypesRule), FragmentsOnCompositeTypesRule.Begin),
        new(nameof(VariablesAreInputTypesRule), VariablesAreInputTypesRule.Begin),
        new(nameof(ScalarLeafsRule), ScalarLeafsRule.Begin),
        new(nameof(FieldsOnCorrectTypeRule), FieldsOnCorrectTypeRule.Begin),
        new(nameof(UniqueFragmentNamesRule), UniqueFragmentNamesRule.Begin),
        new(nameof(KnownFragmentNamesRule), KnownFragmentNamesRule.Begin),
        new(nameof(NoUnusedFragmentsRule), NoUnusedFragmentsRule.Begin),
        new(nameof(PossibleFragmentSpreadsRule), PossibleFragmentSpreadsRule.Begin),
        new(nameof(NoFragmentCyclesRule), NoFragmentCyclesRule.Begin),
        new(nameof(UniqueVariableNamesRule), UniqueVariableNamesRule.Begin),
        new(nameof(NoUndefinedVariablesRule), NoUndefinedVariablesRule.Begin),
        new(nameof(NoUnusedVariablesRule), NoUnusedVariablesRule.Begin),
        new(nameof(KnownDirectivesRule), KnownDirectivesRule.Begin),
        new(nameof(UniqueDirectivesPerLocationRule), UniqueDirectivesPerLocationRule.Begin),
        new(nameof(KnownArgumentNamesRule), KnownArgumentNamesRule.Begin),
        new(nameof(UniqueArgumentNamesRule), UniqueArgumentNamesRule.Begin),
        new(nameof(ValuesOfCorrectTypeRule), ValuesOfCorrectTypeRule.Begin),
        new(nameof(ProvidedRequiredArgumentsRule), ProvidedRequiredArgumentsRule.Begin),
        new(nameof(VariablesInAllowedPositionRule), VariablesInAllowedPositionRule.Begin),
        new(nameof(OverlappingFieldsCanBeMergedRule), OverlappingFieldsCanBeMergedRule.Begin),
        new(nameof(UniqueInputFieldNamesRule), UniqueInputFieldNamesRule.Begin),
    ];

    /// <summary>The rules for documents in the schema language; what the types then mean together is checked by <see
    /// cref="SchemaValidator"/>.</summary>
    public static readonly IReadOnlyList<ValidationRule> OfSchemas =
    [
        new(nameof(LoneSchemaDefinitionRule), LoneSchemaDefinitionRule.Begin),
        new(nameof(UniqueOperationTypesRule), UniqueOperationTypesRule.Begin),
        new(nameof(UniqueTypeNamesRule), UniqueTypeNamesRule.Begin),
        new(nameof(UniqueEnumValueNamesRule), UniqueEnumValueNamesRule.Begin),
        new(nameof(UniqueFieldDefinitionNamesRule), UniqueFieldDefinitionNamesRule.Begin),
        new(nameof(UniqueArgumentDefinitionNamesRule), UniqueArgumentDefinitionNamesRule.Begin),
        new(nameof(UniqueDirectiveNamesRule), UniqueDirectiveNamesRule.Begin),
        new(nameof(KnownTypeNamesRule), KnownTypeNamesRule.Begin),
        new(nameof(KnownDirectivesRule), KnownDirectivesRule.Begin),
        new(nameof(UniqueDirectivesPerLocationRule), UniqueDirectivesPerLocationRule.Begin),
        new(nameof(PossibleTypeExtensionsRule), PossibleTypeExtensionsRule.Begin),
        new(KnownArgumentNamesRule.OnDirectivesName, KnownArgumentNamesRule.OnDirectives),
        new(nameof(UniqueArgumentNamesRule), UniqueArgumentNamesRule.Begin),
        new(nameof(UniqueInputFieldNamesRule), UniqueInputFieldNamesRule.Begin),
        new(ProvidedRequiredArgumentsRule.OnDirectivesName, ProvidedRequiredArgumentsRule.OnDirectives),
    ];
}
