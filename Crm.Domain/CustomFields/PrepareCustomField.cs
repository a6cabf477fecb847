// Saving a custom field: the resource must take custom fields, and a workspace may have so many.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.CustomFields;

public static class PrepareCustomField
{
    /// <summary>Custom fields of one resource in a workspace.</summary>
    public const int Most = 200;

    public static ValueTask<CustomField> Run(
        UnitOfWork work,
        CustomField? before,
        CustomField field,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        var takers = work.Installation.Catalog.Public.Where(e => e.Type.TakesCustomFields).ToList();
        var taker = takers.FirstOrDefault(e => e.Type.Name == field.For);
        if (taker is null)
            errors.Add("for", "not_a_choice", $"Must be one of: {string.Join(", ", takers.Select(e => e.Type.Name))}.");
        else if (before is null && work.Settings.For(taker.Type).CustomFields.Count >= Most)
            throw new ProblemException(ProblemCodes.LimitReached, $"A resource can have at most {Most} custom fields.");
        return new(field);
    }
}
