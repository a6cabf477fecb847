// The fields of records that hold secrets: sealed on their way into a commit, opened by who uses them.

using System.Globalization;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

public static class SealedFields
{
    /// <summary>The record with what was said just now sealed for its place.</summary>
    /// <exception cref="ProblemException">There is no master key.</exception>
    public static T Seal<T>(MasterKeys keys, WorkspaceKey workspace, ResourceType type, T record)
        where T : Resource
    {
        var result = record;
        foreach (var field in type.SealedFields)
            if (field.Get(record) is SealedText { Plain: { } plain })
            {
                if (ReferenceEquals(result, record))
                    result = (T)type.Copy(record);
                var text = keys.Seal(plain, Where(workspace, type, record.Id, field.Name));
                field.Set(result, SealedText.OfStored(text));
            }
        return result;
    }

    /// <summary>What a field of a record says, for the moment in which it is used; null when it says nothing.</summary>
    /// <param name="workspace">Whose record it is.</param>
    /// <param name="field">As the API has it.</param>
    /// <exception cref="ProblemException">The key is not here, or it was sealed for another record.</exception>
    public static string? Open(MasterKeys keys, WorkspaceKey workspace, Resource record, string field)
    {
        var type = ResourceType.Of(record.GetType());
        var sealedField = type.SealedFields.FirstOrDefault(one => one.Name == field)
            ?? throw new InvalidOperationException($"{type.Name} has no sealed field {field}.");
        return sealedField.Get(record) is not SealedText text
            ? null
            : text.Plain ?? keys.Open(text.Stored!, Where(workspace, type, record.Id, field));
    }

    static string Where(WorkspaceKey workspace, ResourceType type, Id id, string field) =>
        string.Create(CultureInfo.InvariantCulture, $"{workspace.Value}|{type.Name}|{id}|{field}");
}
