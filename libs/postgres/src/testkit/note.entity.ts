import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('note')
export class NoteEntity {
  @PrimaryColumn('text') readonly id!: string;
  @Column('int') readonly n!: number;
}
